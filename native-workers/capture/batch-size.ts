import type { Tap } from './tap-plan.ts';

const largestDefault = 64;
/** Where activations are read and nothing is run, a batch costs little but its own handling. */
const largestRead = 1024;
/** Where networks run: larger batches gain no time on a processor and cost memory, most of it what lies between taps. */
const runBudgetBytes = 32 * 2 ** 20;
const readBudgetBytes = 128 * 2 ** 20;
/** Of inputs as large as pictures: twice as many take a sixth more memory and as long. */
const largestOfLargeInputs = 4;
/** Values of an input from which on the memory of a batch is measured: smaller networks have never run short of it. */
const largeInput = 2 ** 14;

/** What runs the networks; `none` where saved activations alone are read. */
export type RunsOn = 'none' | 'processor' | 'card';

/**
 * Images per batch: as many as keep captured activations, and decoded inputs, within a fixed budget. On a processor at
 * most 64, and 4 of large inputs; on a graphics card 64; 1024 where no network is run.
 *
 * @param inputBytes of one image's decoded inputs
 */
export function chooseBatch(
  taps: readonly Tap[][],
  asked: number | null,
  inputBytes: number,
  runsOn: RunsOn,
): number {
  if (asked !== null) return asked;
  const values = taps
    .flat()
    .reduce((sum, { dims }) => sum + dims.reduce((product, size) => product * size, 1), 0);
  const budget = runsOn === 'processor' ? runBudgetBytes : readBudgetBytes;
  const most = Math.floor(budget / Math.max(values * 4, inputBytes, 1));
  const isLarge = runsOn === 'processor' && inputBytes >= largeInput * 4;
  const largest = runsOn === 'none' ? largestRead : isLarge ? largestOfLargeInputs : largestDefault;
  return Math.max(1, Math.min(largest, most));
}

/** Share of the memory that is free which a batch may take. */
const freeShare = 0.5;
const triedImages = 2;

/**
 * As many inputs of those planned as fit the memory that is free: measured by running one, then two. Halved, so that
 * small changes of what is free do not change the batch.
 *
 * @param runOne runs all networks on so many inputs of zeros
 * @param taken bytes this process holds, after what it ran
 */
export async function fittingBatch(
  planned: number,
  inputValues: number,
  runOne: (images: number) => Promise<void>,
  memory: { taken(): number; free(): number } = machineMemory,
): Promise<{ batch: number; perInput: number }> {
  if (planned <= triedImages || inputValues < largeInput) return { batch: planned, perInput: 0 };
  await runOne(1);
  const before = memory.taken();
  await runOne(triedImages);
  const perInput = Math.max(0, memory.taken() - before) / (triedImages - 1);
  let batch = planned;
  while (batch > 1 && batch * perInput > memory.free() * freeShare) batch = Math.ceil(batch / 2);
  return { batch, perInput };
}

const machineMemory = {
  taken: () => process.memoryUsage.rss(),
  // Of the container, where there is one.
  free: () => process.availableMemory(),
};
