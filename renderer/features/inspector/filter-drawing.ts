import type { UnitFilter } from '#core/ipc/engine.ts';

/** A filter as a picture: grey is 0, and the weight of largest size is black or white (of three channels: colours). */
export function filterRgba({ channels, height, width, values }: UnitFilter): Uint8ClampedArray<ArrayBuffer> {
  const plane = height * width;
  const isColour = channels === 3;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const gain = largest > 0 ? 127.5 / largest : 0;
  const pixels = new Uint8ClampedArray(plane * 4);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let colour = 0; colour < 3; colour++)
      pixels[4 * pixel + colour] = 127.5 + gain * values[(isColour ? colour * plane : 0) + pixel];
    pixels[4 * pixel + 3] = 255;
  }
  return pixels;
}

/** What the picture shows, in words. */
export function filterWords({ channels, height, width }: UnitFilter): string {
  if (height === 1) return `${width} weights`;
  const of = channels === 1 || channels === 3 ? '' : `, the first of ${channels} channels`;
  return `${height} × ${width} weights${of}`;
}
