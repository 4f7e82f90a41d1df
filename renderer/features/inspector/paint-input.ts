import type { ReceptiveField } from '#core/domain/receptive-field.ts';
import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import { fieldBox, frameOf, mapBox, overlayRgba, rgbaOf, type Box, type LookMode } from './input-drawing.ts';

export interface Overlay {
  map: Float32Array;
  height: number;
  width: number;
  largest: number;
  colour: readonly [number, number, number];
}

export interface InputPainting {
  inputs: ShownInputs;
  slot: number;
  mode: LookMode;
  field: ReceptiveField | null;
  /** Where in the map the input excites most; -1: unknown. */
  place: number;
  mapWidth: number;
  overlay: Overlay | null;
  /** Of the part of a field that is padding. */
  padding: string;
}

/** Of the frame around the receptive field: seen on black, white and colours. */
const frameColour = '#ffc400';
/** By how much the input steps back behind the activation. */
const dimming = 0.45;

/** Paints one input into a square canvas. */
export function paintInput(canvas: HTMLCanvasElement, painting: InputPainting): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { inputs, slot, mode, field, place, mapWidth, overlay } = painting;
  const box = fieldBox(field, place, mapWidth, inputs.size);
  const frame = frameOf(mode === 'crop' ? box : null, inputs.size);
  const scale = canvas.width / frame.width;
  const onto = ({ left, top, width, height }: Box): [number, number, number, number] => [
    (left - frame.left) * scale,
    (top - frame.top) * scale,
    width * scale,
    height * scale,
  ];
  context.fillStyle = painting.padding;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = inputs.cols * scale < inputs.size.width;
  context.drawImage(
    bitmapOf(rgbaOf(inputs, slot), inputs.cols, inputs.rows),
    ...onto({ left: 0, top: 0, width: inputs.size.width, height: inputs.size.height }),
  );
  if (mode === 'overlay' && overlay) {
    context.imageSmoothingEnabled = true;
    const { map, height, width, largest, colour } = overlay;
    context.save();
    context.beginPath();
    context.rect(...onto({ left: 0, top: 0, width: inputs.size.width, height: inputs.size.height }));
    context.clip();
    context.fillStyle = `rgb(0 0 0 / ${dimming})`;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(
      bitmapOf(overlayRgba(map, largest, colour), width, height),
      ...onto(mapBox(field, overlay, inputs.size)),
    );
    context.restore();
  }
  if (mode !== 'crop' && box) {
    const line = Math.max(1, Math.round(canvas.width / 44));
    const [left, top, width, height] = onto(box);
    context.strokeStyle = frameColour;
    context.lineWidth = line;
    context.strokeRect(left + line / 2, top + line / 2, width - line, height - line);
  }
}

function bitmapOf(pixels: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): OffscreenCanvas {
  const bitmap = new OffscreenCanvas(width, height);
  bitmap.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return bitmap;
}
