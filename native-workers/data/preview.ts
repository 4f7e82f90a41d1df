import type { DataPreview } from '#core/domain/dataset.ts';
import type { EngineData } from '#core/ipc/engine.ts';
import { openArraySource } from './array-source.ts';
import { sampleDecoder } from './decode-samples.ts';
import { sampleFormat, type SampleFormat } from './sample-format.ts';
import { SampleStream } from './sample-stream.ts';

/** Pictures of the first samples as the networks will see them, each stretched from its least to its largest value. */
export async function previewSamples(data: EngineData, count: number): Promise<DataPreview> {
  const source = await openArraySource(data.path, data.key);
  const format = sampleFormat(source, data);
  const shown = Math.min(count, format.samples);
  const stream = new SampleStream(source);
  const bytes = new Uint8Array(format.values * format.itemBytes);
  const decoded = new Float32Array(format.values);
  const decode = sampleDecoder(format);
  const pictures: Uint8ClampedArray[] = [];
  try {
    for (let index = 0; index < shown; index++) {
      await stream.fill(bytes);
      decode(bytes, 1, decoded);
      pictures.push(pictureOf(decoded, format));
    }
  } finally {
    stream.close();
  }
  const { width, height } = pictureSize(format);
  return { width, height, pictures, count: format.samples };
}

/** A feature vector is shown as one row of pixels. */
function pictureSize(format: SampleFormat): { width: number; height: number } {
  return format.layout === 'NC' ? { width: format.channels, height: 1 } : format;
}

function pictureOf(values: Float32Array, format: SampleFormat): Uint8ClampedArray {
  const { width, height } = pictureSize(format);
  const plane = width * height;
  const isColour = format.layout !== 'NC' && format.channels >= 3;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const gain = high > low ? 255 / (high - low) : 0;
  const rgba = new Uint8ClampedArray(plane * 4);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      rgba[pixel * 4 + channel] = (values[(isColour ? channel * plane : 0) + pixel] - low) * gain;
    }
    rgba[pixel * 4 + 3] = 255;
  }
  return rgba;
}
