import type { DataPreview } from '#core/domain/dataset.ts';
import type { EngineData } from '#core/ipc/engine.ts';
import { datasetFormat, feedOf, openDataset } from './dataset.ts';
import { preprocessOf } from '#core/domain/preprocess.ts';
import { FeedReader } from './feed-reader.ts';
import { pickedRows } from './show-inputs.ts';
import type { SampleFormat } from './sample-format.ts';

/** Pictures of the first samples as the networks will see them, each stretched from its least to its largest value. */
export async function previewSamples(data: EngineData, count: number): Promise<DataPreview> {
  const dataset = await openDataset(data);
  try {
    const how = preprocessOf(data);
    const made = await datasetFormat(dataset, data, how, null);
    const { format } = made;
    const feed = feedOf(made, how, 'float32', 'first');
    const reader = await FeedReader.open(dataset, data, [feed], pickedRows);
    const shown = Math.min(count, dataset.samples);
    const values = new Float32Array(shown * feed.values);
    await reader.read(
      Int32Array.from({ length: shown }, (_, index) => index),
      [values],
    );
    const pictures = Array.from({ length: shown }, (_, index) =>
      pictureOf(values.subarray(index * feed.values, (index + 1) * feed.values), format),
    );
    const { width, height } = pictureSize(format);
    return { width, height, pictures, count: dataset.samples };
  } finally {
    dataset.close();
  }
}

/** A feature vector is shown as one row of pixels, a sequence as a row a channel. */
function pictureSize({ layout, channels, width, height }: SampleFormat): { width: number; height: number } {
  if (layout === 'NC') return { width: channels, height: 1 };
  return layout === 'NCT' || layout === 'NTC' ? { width, height: channels } : { width, height };
}

function pictureOf(values: Float32Array, format: SampleFormat): Uint8ClampedArray {
  const { width, height } = pictureSize(format);
  const plane = width * height;
  const isColour = format.layout.includes('H') && format.channels >= 3;
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
