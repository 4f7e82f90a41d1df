import { resolve } from 'node:path';
import { jointNeeds, needsOf, networkPairs } from '#core/domain/analysis-needs.ts';
import { fileOf, type Recipe } from '#core/domain/recipe.ts';
import type { CaptureExtras, PassRequest, SecondPassRequest } from '#core/ipc/engine.ts';
import type { RunRequest } from '../app/services.ts';
import { engineDataOf, engineNetworkOf } from './engine-data.ts';
import type { Task } from './plan-tasks.ts';

/** Inputs kept per unit, as the paper's figures show. */
export const topInputs = 9;
/** Groups of images for resampling, and shuffles for nulls: see docs/methods/certainty.md. */
const blocks = 20;
const shuffles = 10;
/** Samples kept for the methods that need activations; their cost grows with its square. */
const sampleRows = 1000;

/** What a pass takes for the recipe's analyses; null when moments and statistics are enough. */
export function extrasOf(recipe: Recipe): CaptureExtras | null {
  const needs = jointNeeds(recipe.analyses);
  if (!needs.blocks && !needs.shuffles && !needs.sample && needs.bins === 0) return null;
  return {
    seed: recipe.folds?.seed ?? 0,
    blocks: needs.blocks ? blocks : 0,
    shuffles: needs.shuffles ? shuffles : 0,
    sampleRows: needs.sample ? sampleRows : 0,
    bins: needs.bins,
    // Left out where not taken: captures without them keep their keys.
    ...(needs.averageInputs && { averageInputs: true }),
  };
}

export function passRequestOf(
  { recipe, baseFolder }: RunRequest,
  { jobId, outFile, limit }: { jobId: string; outFile: string; limit?: number },
): PassRequest {
  const path = (file: string) => resolve(baseFolder, file);
  const data = recipe.data && engineDataOf(recipe.data, recipe.networks, path);
  const extras = extrasOf(recipe);
  return {
    jobId,
    data: data && limit !== undefined ? { ...data, limit } : data,
    ...(limit !== undefined && { limit }),
    networks: recipe.networks.map((network) => engineNetworkOf(network, path(fileOf(network).path))),
    layers: recipe.layers,
    folds: recipe.folds,
    provider: recipe.provider,
    threads: recipe.threads,
    batch: recipe.batch,
    ...(recipe.memory !== undefined && { memoryBytes: recipe.memory * 2 ** 30 }),
    // Groups of images and shuffles are random only if the reading order is.
    orderSeed: extras ? extras.seed : null,
    layerMap: jointNeeds(recipe.analyses).layerMap,
    outFile,
  };
}

/** What the tasks need of a second pass; null where they need none. */
export function secondPassOf(
  tasks: readonly Task[],
  recipe: Recipe,
): Pick<SecondPassRequest, 'pairs' | 'bins' | 'halves' | 'squaredNorms'> | null {
  const needs = jointNeeds(tasks.map((task) => task.analysis));
  if (needs.bins === 0 && !needs.squaredNorms) return null;
  const counted = tasks.filter((task) => needsOf(task.analysis).bins > 0);
  const indexOf = (name: string) => recipe.networks.findIndex((network) => network.name === name);
  const { bins, halves, squaredNorms } = needs;
  return { pairs: countedPairs(counted, indexOf), bins, halves, squaredNorms };
}

/** Pairs of networks, by index, whose joint histograms the tasks read: theirs, or all of a graph. */
function countedPairs(tasks: readonly Task[], indexOf: (name: string) => number): [number, number][] {
  const pairs = new Map<string, [number, number]>();
  for (const { analysis, pair, group } of tasks) {
    const [a, b] = [indexOf(pair[0]), indexOf(pair[1])];
    const wanted: [number, number][] =
      analysis.name === 'spectral-clusters' ? networkPairs(group ? group.map(indexOf) : [a, b]) : [[a, b]];
    for (const counted of wanted) pairs.set(counted.join(' '), counted);
  }
  return [...pairs.values()];
}
