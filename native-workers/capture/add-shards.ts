import { closeSync, openSync } from 'node:fs';
import { AppError } from '#core/errors.ts';
import type { NamedArray } from '#core/domain/result.ts';
import { secondArrayName, type ArrayFile } from '#core/ipc/engine.ts';
import type { AddRequest } from '#core/ipc/shard.ts';
import { readArray, requireIntact, writeArrayFile } from '../files/array-file.ts';
import { BlockedInformations, type CodedLayer } from '../histograms/blocked-informations.ts';
import { CodesInFile, joinedRuns, runsFrom } from '../histograms/coded-runs.ts';
import { CountThreads } from '../histograms/count-threads.ts';
import { informationArrays } from '../histograms/information-arrays.ts';
import { inform, pairInformation } from '../histograms/informations.ts';
import type { CaptureHooks } from './capture-hooks.ts';

/**
 * What one machine's second pass writes, from those of all shards: norms and joint counts are added, codes that were kept
 * instead are counted as one machine counts them.
 */
export async function addShards(
  { files, sums, outFile }: AddRequest,
  threads: number,
  hooks: CaptureHooks,
): Promise<ArrayFile> {
  const [first] = files;
  const layers = [...new Set(first.arrays.map(({ name }) => Number(name.split('/')[0])))];
  const coded = layers.filter((layer) => has(first, secondArrayName(layer, 'codes')));
  const place =
    coded.length > 0 ? await countCodes(files, coded, { sums, outFile, threads, hooks }) : outFile;
  const added = function* (): Generator<NamedArray> {
    for (const layer of layers) {
      const norms = secondArrayName(layer, 'norms');
      if (has(first, norms)) yield addedArrays(files, norms);
      if (sums.bins > 0 && !coded.includes(layer))
        for (const pair of sums.pairs) yield* informationOf(files, layer, pair, sums);
    }
  };
  return writeArrayFile(place, added());
}

async function countCodes(
  files: readonly ArrayFile[],
  layers: readonly number[],
  {
    sums: { pairs, bins, halves },
    outFile,
    threads,
    hooks,
  }: Pick<AddRequest, 'sums' | 'outFile'> & { threads: number; hooks: CaptureHooks },
): Promise<ArrayFile> {
  const open = files.map(({ path }) => openSync(path, 'r'));
  const counting = new CountThreads(threads);
  try {
    const coded = layers.map((layer): CodedLayer => {
      const runs = joinedRuns(files.map((file, index) => codesOf(file, open[index], layer, pairs.length)));
      return { layer, runs };
    });
    const blocked = new BlockedInformations(coded, { pairs, bins, hasHalves: halves }, outFile);
    return await blocked.count(counting, async (done, total) => {
      hooks.progress({ stage: 'counting', done, total, unit: 'units', rate: 0 });
      await hooks.checkpoint();
    });
  } finally {
    await counting.close();
    open.forEach(closeSync);
  }
}

function codesOf(file: ArrayFile, handle: number, layer: number, pairs: number): CodesInFile {
  const name = (what: string) => secondArrayName(layer, what);
  requireIntact(file, name('codes'));
  const { offset } = file.arrays.find((array) => array.name === name('codes'))!;
  const units = readArray(file, name('code-units')).data;
  const codes = new CodesInFile({ file: handle, path: file.path, offset }, [...units]);
  for (const run of runsFrom(readArray(file, name('code-runs')).data as Int32Array, pairs)) codes.add(run);
  return codes;
}

function informationOf(
  files: readonly ArrayFile[],
  layer: number,
  pair: [number, number],
  { bins, halves }: AddRequest['sums'],
): NamedArray[] {
  const counts = (what: string) => addedArrays(files, secondArrayName(layer, `${what}-${pair.join('-')}`));
  const [between, shuffled] = [counts('between'), counts('shuffled')];
  const half = halves ? counts('half') : null;
  const { rows } = between;
  const each = between.data.byteLength;
  const buffer = new SharedArrayBuffer((half ? 3 : 2) * each + 4);
  // Where half of the images was counted, `inform` reads the other half.
  const rest = half ? between.data.map((count, at) => count - half.data[at]) : between.data;
  const put = (place: number, data: ArrayLike<number>) =>
    new Int32Array(buffer, place, data.length).set(data);
  const places = { between: 4, shuffled: 4 + each, half: half ? 4 + 2 * each : 0 };
  put(places.between, rest);
  put(places.shuffled, shuffled.data);
  if (half) put(places.half, half.data);
  const unitsB = rows === 0 ? 0 : between.cols / bins ** 2;
  const into = pairInformation(rows, unitsB, halves);
  inform({ buffer }, { counts: places, firstRow: 0, endRow: rows, rowOfFirst: 0, unitsB, bins, into });
  return informationArrays(layer, pair, into);
}

function addedArrays(files: readonly ArrayFile[], name: string): NamedArray {
  const [first, ...others] = files;
  const sum = readArray(first, name);
  for (const file of others) {
    const { data } = readArray(file, name);
    if (data.length !== sum.data.length)
      throw new AppError(
        'bad-data',
        `${file.path} is damaged: its array ${name} does not fit; make it again.`,
      );
    for (let at = 0; at < data.length; at++) sum.data[at] += data[at];
  }
  return sum;
}

function has(file: ArrayFile, name: string): boolean {
  return file.arrays.some((array) => array.name === name);
}
