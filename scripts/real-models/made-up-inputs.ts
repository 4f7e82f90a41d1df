import { renderAsync } from '@resvg/resvg-js';
import { createRandom, type Random } from '../../core/random.ts';

const rate = 16_000;

/**
 * Frames of sound like speech: voiced stretches (pulses of a gliding pitch through three resonances), hisses, pauses,
 * a little noise throughout. [frames x length], in [-1, 1].
 */
export function soundFrames(frames: number, length: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const sound = new Float32Array(frames * length);
  for (let at = 0; at < sound.length;) {
    const span = Math.min(sound.length - at, Math.floor(rate * (0.06 + 0.2 * random.nextFloat())));
    const kind = random.nextFloat();
    const piece = sound.subarray(at, at + span);
    if (kind < 0.6) voice(piece, random);
    else if (kind < 0.8) hiss(piece, random);
    at += span;
  }
  const loudness = 0.002 + 0.01 * random.nextFloat();
  for (let at = 0; at < sound.length; at++) sound[at] += loudness * gauss(random);
  return sound;
}

function voice(out: Float32Array, random: Random): void {
  const pitch = 85 + 140 * random.nextFloat();
  const glide = (random.nextFloat() - 0.5) * 60;
  const formants = [
    300 + 500 * random.nextFloat(),
    900 + 1300 * random.nextFloat(),
    2300 + 700 * random.nextFloat(),
  ];
  const filters = formants.map((frequency, at) => resonance(frequency, 60 + 50 * at));
  const loud = 0.1 + 0.4 * random.nextFloat();
  let phase = 0;
  for (let at = 0; at < out.length; at++) {
    const share = at / out.length;
    phase += (pitch + glide * share) / rate;
    const pulse = phase >= 1 ? 1 : 0;
    phase %= 1;
    const swell = Math.sin(Math.PI * share);
    out[at] = loud * swell * filters.reduce((sum, filter) => sum + filter(pulse), 0);
  }
}

function hiss(out: Float32Array, random: Random): void {
  const filter = resonance(3000 + 3500 * random.nextFloat(), 1500);
  const loud = 0.02 + 0.05 * random.nextFloat();
  for (let at = 0; at < out.length; at++)
    out[at] = loud * Math.sin((Math.PI * at) / out.length) * filter(gauss(random));
}

/** A two-pole resonance of unit height or so. */
function resonance(frequency: number, width: number): (x: number) => number {
  const radius = Math.exp((-Math.PI * width) / rate);
  const [a1, a2] = [2 * radius * Math.cos((2 * Math.PI * frequency) / rate), -radius * radius];
  let [y1, y2] = [0, 0];
  return (x) => {
    const y = (1 - radius) * 4 * x + a1 * y1 + a2 * y2;
    [y2, y1] = [y1, y];
    return y;
  };
}

function gauss(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.nextFloat()));
  return radius * Math.cos(2 * Math.PI * random.nextFloat());
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Lines of made-up words as pictures, a third of them upside down: [count x 3 x height x width] bytes. */
export async function textPictures(
  count: number,
  { height, width }: { height: number; width: number },
  fontFiles: string[],
  seed: number,
): Promise<Uint8Array> {
  const random = createRandom(seed);
  const pictures = new Uint8Array(count * 3 * height * width);
  const plane = height * width;
  for (let at = 0; at < count; at++) {
    const svg = lineOfText(height, width, random);
    const { pixels } = await renderAsync(svg, { font: { fontFiles, loadSystemFonts: false } });
    for (let pixel = 0; pixel < plane; pixel++)
      for (let channel = 0; channel < 3; channel++)
        pictures[(at * 3 + channel) * plane + pixel] = pixels[pixel * 4 + channel];
  }
  return pictures;
}

function lineOfText(height: number, width: number, random: Random): string {
  const word = () =>
    Array.from({ length: 2 + random.nextInt(7) }, () => letters[random.nextInt(letters.length)]).join('');
  const text = Array.from({ length: 1 + random.nextInt(2) }, word).join(' ');
  const grey = (from: number, span: number) => {
    const [r, g, b] = Array.from({ length: 3 }, () => from + random.nextInt(span));
    return `rgb(${r},${g},${b})`;
  };
  const isDark = random.nextFloat() < 0.3;
  const [paper, ink] = isDark ? [grey(0, 90), grey(170, 86)] : [grey(180, 76), grey(0, 110)];
  const size = height * (0.4 + 0.35 * random.nextFloat());
  const turn = (random.nextFloat() < 1 / 3 ? 180 : 0) + 4 * (random.nextFloat() - 0.5);
  const style = ['', 'font-weight="bold"', 'font-style="italic"'][random.nextInt(3)];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${paper}"/>` +
    `<text transform="rotate(${turn} ${width / 2} ${height / 2})" x="${width / 2}" y="${height / 2 + size * 0.35}" ` +
    `text-anchor="middle" font-family="Arimo" font-size="${size}" fill="${ink}" ${style}>${text}</text></svg>`
  );
}
