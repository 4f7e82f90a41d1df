import type { ArrayFile, CapturedLayer, CaptureSummary, PassTimings } from '#core/ipc/engine.ts';
import type { MergeRequest, ShardSummary } from '#core/ipc/shard.ts';
import type { TopInputs } from '#core/domain/result.ts';
import { mergeJointMoments, type JointMoments } from '#core/numeric/moments/joint-moments.ts';
import { averageOf } from '../accumulate/average-inputs.ts';
import { emptyFolds, finishLayer, mergeFolds } from '../accumulate/finish-layer.ts';
import { KeptSample } from '../accumulate/kept-sample.ts';
import { mergeAverage } from '../accumulate/merge-averages.ts';
import { mergeTop } from '../accumulate/merge-top.ts';
import { PartialReader, type PartialAverage } from '../accumulate/shard-arrays.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import { keptPictures, withoutArrays } from './kept-pictures.ts';
import { writeCapture, type CapturedArrays } from './write-capture.ts';

/**
 * One capture of all shards: runs of images, shuffles and averages are merged in the order of the shards by the pairwise
 * update in float64, counts and lists exactly, so neither the order of the files nor who made them changes a bit.
 * Memory: the moments of one layer, and one run of one shard.
 */
export async function mergeShards(request: MergeRequest, hooks: CaptureHooks): Promise<CaptureSummary> {
  const { shards, extras, data, outFile } = request;
  const [first] = shards;
  const tops = first.layers.map((_, layer) => ({ top: mergedTop(shards, layer) }));
  const skipped = (first.skipped ?? []).map(({ name }) => name);
  const inputs = data ? await keptPictures({ ...data, skipped }, tops.slice(0, request.layers), hooks) : [];
  const layers: CapturedLayer[] = [];
  let arrays: ArrayFile = { path: outFile, arrays: [] };
  for (const [index, { top }] of tops.entries()) {
    await hooks.checkpoint();
    hooks.progress({ stage: 'storing', done: index, total: tops.length, unit: '', rate: 0 });
    const { average, ...merged } = await mergeLayer(shards, index, top, hooks);
    const captured: CapturedArrays = {
      ...merged,
      average: averageFrom(first, index, average),
      inputs: inputs[index] ?? null,
    };
    arrays = writeCapture(index === 0 ? outFile : arrays, [captured], index, extras);
    layers.push(describe(first, index, captured, request));
  }
  const timings = shards.reduce(addTimings, {
    sessionMs: 0,
    decodeWaitMs: 0,
    inferenceMs: 0,
    accumulateMs: 0,
  });
  const { images, testImages, orderHash, providers, linearAlgebra } = first;
  return {
    ...{ images, testImages, orderHash, providers, linearAlgebra, timings, shards: shards.length },
    ...(first.skipped && { skipped: first.skipped }),
    layers,
    arrays,
  };
}

interface MergedLayer extends Omit<CapturedArrays, 'average' | 'inputs'> {
  average: PartialAverage | null;
}

/** Top inputs of every part of a layer. */
function mergedTop(shards: readonly ShardSummary[], layer: number): TopInputs[] {
  const readers = shards.map(({ layers, arrays }) => new PartialReader(arrays, layer, layers[layer]));
  return shards[0].layers[layer].parts.map((_, part) => mergeTop(readers.map((reader) => reader.top(part))));
}

async function mergeLayer(
  shards: readonly ShardSummary[],
  layer: number,
  top: TopInputs[],
  hooks: CaptureHooks,
): Promise<MergedLayer> {
  const { folds, parts, allRuns, shuffles, keptRows } = shards[0].layers[layer];
  const runs = Array.from({ length: allRuns }, () => emptyFolds(folds, parts));
  const nulls: JointMoments[] = [];
  const units = parts.reduce((sum, count) => sum + count, 0);
  const sample = keptRows > 0 ? new KeptSample(units, keptRows) : null;
  let average: PartialAverage | null = null;
  for (const { layers, arrays } of shards) {
    await hooks.checkpoint();
    const facts = layers[layer];
    const reader = new PartialReader(arrays, layer, facts);
    for (let run = facts.firstRun; run < facts.firstRun + facts.runs; run++)
      mergeFolds(runs[run], reader.folds(run));
    for (let index = 0; index < shuffles; index++) {
      const shuffled = reader.shuffled(index);
      if (nulls[index]) mergeJointMoments(nulls[index], shuffled);
      else nulls.push(shuffled);
    }
    sample?.put(facts.firstKept, reader.sample());
    if (facts.averageInput) {
      const sums = reader.average();
      if (average) mergeAverage(average, sums);
      else average = sums;
    }
  }
  return { ...finishLayer(runs, nulls, top), sample, average };
}

function averageFrom(
  { layers }: ShardSummary,
  index: number,
  average: PartialAverage | null,
): CapturedArrays['average'] {
  const grid = layers[index].averageInput;
  return average && grid ? { ...grid, images: average.sums.n, values: averageOf(average.sums) } : null;
}

/** As the first shard tells of the layer, with what the merge counts. */
function describe(
  { layers }: ShardSummary,
  index: number,
  { samples, blocks, sample, average, inputs }: CapturedArrays,
  { extras }: MergeRequest,
): CapturedLayer {
  const {
    name,
    sample: rule,
    units,
    positions,
    shuffles,
    averageInput,
    geometry,
    layerUnits,
    isMasked,
  } = layers[index];
  const kept = sample?.rows ?? 0;
  return {
    ...{ name, sample: rule, units, positions, shuffles },
    samples: samples[0],
    testSamples: samples[1] ?? 0,
    blocks: blocks.map((block) => block.n),
    sampleRows: Math.min(kept, extras?.sampleRows ?? 0),
    edgeSamples: extras?.bins ? kept : 0,
    ...(average && averageInput && { averageInput: { ...averageInput, images: average.images } }),
    ...(geometry && { geometry }),
    ...(inputs && { topInputs: withoutArrays(inputs) }),
    ...(layerUnits && { layerUnits }),
    ...(isMasked && { isMasked }),
  };
}

function addTimings(sum: PassTimings, { timings }: ShardSummary): PassTimings {
  return {
    sessionMs: sum.sessionMs + timings.sessionMs,
    decodeWaitMs: sum.decodeWaitMs + timings.decodeWaitMs,
    inferenceMs: sum.inferenceMs + timings.inferenceMs,
    accumulateMs: sum.accumulateMs + timings.accumulateMs,
  };
}
