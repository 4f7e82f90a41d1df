import { channelOfUnit, randomPositions } from '#core/domain/unit-place.ts';
import type { SampleRule } from '#core/domain/recipe.ts';
import { sharedHistograms } from '#core/numeric/histograms/shared-histograms.ts';
import { createRandom, sampleWithoutReplacement } from '#core/random.ts';
import type { Distribution } from '#core/ipc/areas/unit.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { captureArrayName, type ActivationMaps, type EngineMethods } from '#core/ipc/engine.ts';
import { capturedLayerOf, requireUnit, type CapturedLayerView } from './captured-layer.ts';
import { axesOf, type RunFiles } from './run-files.ts';

const bins = 40;
const mostPoints = 2000;
/** Images that are run where the project keeps no samples: as many as come to so many input values. */
const mostImages = 512;
const leastImages = 32;
const mostInputValues = 2 ** 24;
const seed = 0;
const tileSide = 512;

interface UnitRef {
  network: string;
  unit: number;
}

/** Values of every unit on the same samples. */
interface Samples {
  series: Float32Array[];
  images: number;
  source: Distribution['source'];
}

/** How often one unit, or two on the same samples, answer what. */
export async function unitDistribution(
  files: RunFiles,
  layerName: string,
  units: readonly UnitRef[],
  parts: { database: DatabaseMethods; engine: EngineMethods },
): Promise<Distribution> {
  const captured = await capturedLayerOf(parts.database, files.run, layerName);
  for (const { network, unit } of units)
    requireUnit(unit, captured.unitsOf(network).count, network, layerName);
  const samples =
    (await keptSamples(captured, units, parts.database)) ??
    (await runSamples(captured, units, files, parts.engine));
  const { series, images, source } = samples;
  return {
    ...{ images, ofImages: captured.images, source },
    ...sharedHistograms(series, bins),
    points: series.length === 2 ? pointsOf(series[0], series[1]) : null,
  };
}

/** From the sample of activations that some analyses keep (at most 1000 rows, every unit of every network). */
async function keptSamples(
  { index, captureId, layer, unitsOf }: CapturedLayerView,
  units: readonly UnitRef[],
  database: DatabaseMethods,
): Promise<Samples | null> {
  if (layer.sampleRows === 0) return null;
  const name = captureArrayName(index, 'train', 'sample');
  const series = await Promise.all(
    units.map(async ({ network, unit }) => {
      const column = unitsOf(network).first + unit;
      const values = new Float32Array(layer.sampleRows);
      for (let row = 0; row * tileSide < layer.sampleRows; row++) {
        const tile = await database.captureTile(captureId, name, 0, row, Math.floor(column / tileSide));
        for (let at = 0; at < tile.rows; at++)
          values[row * tileSide + at] = tile.values[at * tile.cols + (column % tileSide)];
      }
      return values;
    }),
  );
  const images = Math.min(layer.sampleRows, Math.round(layer.samples / layer.positions));
  return { series, images, source: 'kept' };
}

async function runSamples(
  { layer, images: ofImages }: CapturedLayerView,
  units: readonly UnitRef[],
  files: RunFiles,
  engine: EngineMethods,
): Promise<Samples> {
  const data = await files.data();
  const { size } = await engine.showInputs({ data, images: [0], mostSide: 1 });
  const affordable = Math.floor(mostInputValues / (size.channels * size.height * size.width));
  const count = Math.min(ofImages, mostImages, Math.max(leastImages, affordable));
  const images = [...sampleWithoutReplacement(ofImages, count, createRandom(seed))];
  const tensors = files.recipe.layers.find(({ name }) => name === layer.name)?.tensors ?? {};
  const series = await Promise.all(
    units.map(async ({ network, unit }) => {
      const probe = {
        data,
        network: await files.network(network),
        tensor: tensors[network],
        axes: axesOf(files.recipe, layer.name, network),
        provider: files.recipe.provider,
        threads: files.recipe.threads,
      };
      const plane = layer.geometry?.[files.run.networks.findIndex(({ name }) => name === network)];
      const shape = plane ?? (await engine.unitGeometry({ ...probe, channels: [] }));
      const channel = channelOfUnit(layer.sample, unit, shape);
      const maps = await engine.activationMaps({ ...probe, looks: [{ channel, images }] });
      return samplesOfMaps(layer.sample, unit, images, maps);
    }),
  );
  return { series, images: count, source: 'run' };
}

/** Padding has no value. */
const isCounted = (value: number) => !Number.isNaN(value);

/** What the rule takes of every image's map, in which padding is NaN. */
export function samplesOfMaps(
  rule: SampleRule,
  unit: number,
  images: readonly number[],
  { height, width, values: [values] }: ActivationMaps,
): Float32Array {
  const plane = height * width;
  const maps = images.map((_, at) => values.subarray(at * plane, (at + 1) * plane));
  switch (rule.kind) {
    case 'position':
    case 'image':
      return values.filter(isCounted);
    case 'image-mean':
      return Float32Array.from(maps, (map) => {
        const counted = map.filter(isCounted);
        return counted.reduce((sum, value) => sum + value, 0) / counted.length;
      });
    case 'image-max':
      return Float32Array.from(maps, (map) => Math.max(...map.filter(isCounted)));
    case 'centre':
      return Float32Array.from(maps, (map) => map[(height >> 1) * width + (width >> 1)]);
    case 'class-token':
      return Float32Array.from(maps, (map) => map[0]);
    case 'last-token':
      return Float32Array.from(maps, (map) => map.findLast(isCounted) ?? NaN);
    case 'flatten':
      return Float32Array.from(maps, (map) => map[unit % plane]);
    case 'random':
      return Float32Array.from(
        maps.flatMap((map, at) => randomPositions(rule, images[at], plane).map((place) => map[place])),
      );
  }
}

function pointsOf(x: Float32Array, y: Float32Array): Distribution['points'] {
  if (x.length !== y.length) return null;
  if (x.length <= mostPoints) return { x: x.slice(), y: y.slice() };
  const chosen = sampleWithoutReplacement(x.length, mostPoints, createRandom(seed));
  return { x: Float32Array.from(chosen, (at) => x[at]), y: Float32Array.from(chosen, (at) => y[at]) };
}
