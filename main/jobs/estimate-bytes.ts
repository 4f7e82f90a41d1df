import { jointNeeds } from '#core/domain/analysis-needs.ts';
import type { Recipe, RecipeAnalysis } from '#core/domain/recipe.ts';
import {
  captureArrayName,
  isPackedMoments,
  topInputBytes,
  type ArrayFile,
  type CapturedLayer,
} from '#core/ipc/engine.ts';
import { extrasOf } from './pass-request.ts';

const tileSide = 512;
const joint = (layer: CapturedLayer) => layer.units.reduce((sum, count) => sum + count, 0);

/** What a capture takes in the project: as the probe wrote it, but for what more images add. */
export function storedBytes(
  arrays: ArrayFile,
  layers: readonly CapturedLayer[],
  images: number,
  recipe: Recipe,
): number {
  const written = arrays.arrays.reduce((sum, { name, bytes, rows, cols, dtype }) => {
    const isTiled = rows > 1 && Math.max(rows, cols) > tileSide && !isPackedMoments(name);
    // Coarser levels are float32: a third of the cells again.
    const pyramid = isTiled ? (bytes / (dtype === 'float64' ? 8 : 4)) * (4 / 3) : 0;
    return sum + bytes + pyramid;
  }, 0);
  const pictures = layers.reduce((sum, layer, index) => sum + pictureBytes(arrays, layer, index, images), 0);
  const extras = extrasOf(recipe);
  if (!extras) return written + pictures;
  const train = Math.round(images * (1 - (recipe.folds?.test ?? 0)));
  return layers.slice(0, recipe.layers.length).reduce((sum, layer) => {
    const rows =
      extras.sampleRows > 0 ? Math.min(extras.sampleRows, train * layer.positions) - layer.sampleRows : 0;
    const blocks = extras.blocks > 0 ? Math.min(extras.blocks, images) - layer.blocks.length : 0;
    const triangle = (joint(layer) * (joint(layer) + 1)) / 2;
    return (
      sum +
      Math.max(0, rows) * joint(layer) * 4 +
      Math.max(0, layer.blocks.length > 0 ? blocks : 0) * triangle * 8
    );
  }, written + pictures);
}

/** Pictures of top inputs that more images add: at most one an image, and one for each unit's every rank. */
function pictureBytes(arrays: ArrayFile, layer: CapturedLayer, index: number, images: number): number {
  const of = (what: string) =>
    arrays.arrays.find(({ name }) => name === captureArrayName(index, 'all', what));
  const [top, kept, pictures] = [of('top-image'), of('top-input-image'), of('top-input')];
  if (!top || !kept?.cols || !pictures) return 0;
  const each = pictures.bytes / kept.cols;
  const most = Math.min(images, joint(layer) * top.cols, Math.floor(topInputBytes / each));
  return Math.max(0, most - kept.cols) * each;
}

/** What the analyses of one layer hold in shared memory at a time. */
export function layerInputBytes(
  layer: CapturedLayer,
  analyses: readonly RecipeAnalysis[],
  threads: number,
): number {
  if (analyses.length === 0) return 0;
  const needs = jointNeeds(analyses);
  const p = joint(layer);
  const matrices =
    1 +
    (layer.testSamples > 0 ? 1 : 0) +
    (needs.blocks ? layer.blocks.length : 0) +
    (needs.shuffles ? layer.shuffles : 0);
  const widest = Math.max(...layer.units);
  // Information, corrected, shuffled: read for every task that is under way, and one more that waits.
  const tables = needs.bins > 0 ? (threads + 1) * 3 * widest ** 2 * 8 : 0;
  const average = needs.averageInputs && layer.averageInput ? layer.averageInput : null;
  const pictures = average ? p * average.channels * average.rows * average.cols * 4 : 0;
  return matrices * p ** 2 * 8 + tables + pictures + (needs.sample ? layer.sampleRows * p * 4 : 0);
}
