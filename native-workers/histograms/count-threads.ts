import { Worker } from 'node:worker_threads';
import { workerEntry } from '../rpc/entry.ts';
import { countCodesWasm } from './count-codes.wasm.ts';
import { inform, type InformJob } from './informations.ts';

/** What is counted in one go: samples of two networks, some groups of two units of the first with all of the second. */
export interface CountJob {
  /** Addresses in shared memory: rows of codes, of `stride` bytes each. */
  codesA: number;
  codesB: number;
  stride: number;
  samples: number;
  /** Sample s of A meets sample s + turn of B, around the end. */
  turn: number;
  unitsA: number;
  unitsB: number;
  firstGroup: number;
  endGroup: number;
  bins: number;
  /** uint32 [unitsA, unitsB, bins, bins] */
  counts: number;
}

/** What a thread needs to know of a counter, once. */
export interface CountSeat {
  id: number;
  memory: WebAssembly.Memory;
  /** Scratch of its own. */
  tables: number;
}

export type CounterJob = CountJob | InformJob;

/** Jobs of the counter that the thread knows by `id`; it answers with the number of the run. */
export interface CountOrder {
  id: number;
  run: number;
  jobs: CounterJob[];
}

/** Units are counted two by two. */
export const groupsOf = (units: number): number => Math.ceil(units / 2);

/** Bytes of the tables of one thread: see count-codes.as.ts. */
export function tableBytes(bins: number): number {
  return 2 * 2 * (bins ** 2 + bins) * Math.ceil(bins ** 2 / 8) * 8;
}

/** Does one job, with these tables. */
export function counterKernel(memory: WebAssembly.Memory): (job: CounterJob, tables: number) => void {
  const module = new WebAssembly.Module(Buffer.from(countCodesWasm, 'base64'));
  const abort = () => {
    throw new Error('A kernel stopped.');
  };
  const { countCodes } = new WebAssembly.Instance(module, { env: { memory, abort } }).exports as {
    countCodes(...args: number[]): void;
  };
  return (job, tables) => {
    if ('into' in job) return void inform(memory, job);
    const { codesA, codesB, stride, samples, turn, unitsA, unitsB, firstGroup, endGroup, bins, counts } = job;
    countCodes(
      ...[codesA, codesB, stride, samples, turn, unitsA, unitsB, firstGroup, endGroup, bins, tables, counts],
    );
  };
}

/**
 * Threads that count, this one among them, for any number of counters. Every thread takes a share of the units of A, whose
 * counts nobody else writes, so any number of threads gives the same counts.
 */
export class CountThreads {
  readonly count: number;
  #workers: Worker[] | null = null;
  #opened = 0;
  #runs = 0;

  constructor(count = 1) {
    this.count = count;
  }

  /** @param tables address of the tables of every thread, in memory that is shared */
  open(
    memory: WebAssembly.Memory,
    tables: readonly number[],
  ): (jobs: readonly CounterJob[]) => Promise<void> {
    const kernel = counterKernel(memory);
    const id = this.#opened++;
    const known = new Set<Worker>();
    return async (jobs) => {
      const run = this.#runs++;
      this.#workers ??= Array.from({ length: this.count - 1 }, () => new Worker(workerEntry('count.worker')));
      const others = this.#workers.map((worker, index) => {
        if (!known.has(worker))
          worker.postMessage({ id, memory, tables: tables[index + 1] } satisfies CountSeat);
        known.add(worker);
        const shares = jobs.map((job) => shareOf(job, index + 1, this.count));
        return answerOf(worker, { id, run, jobs: shares });
      });
      for (const job of jobs) kernel(shareOf(job, 0, this.count), tables[0]);
      await Promise.all(others);
    };
  }

  async close(): Promise<void> {
    await Promise.all((this.#workers ?? []).map((worker) => worker.terminate()));
    this.#workers = null;
  }
}

/** Resolves when the thread has counted this run; others of the same thread may be under way. */
function answerOf(worker: Worker, order: CountOrder): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => worker.off('error', failed).off('message', heard);
    const failed = (error: Error) => {
      leave();
      reject(error);
    };
    const heard = (run: number) => {
      if (run !== order.run) return;
      leave();
      resolve();
    };
    worker.on('error', failed).on('message', heard);
    worker.postMessage(order);
  });
}

function shareOf(job: CounterJob, thread: number, threads: number): CounterJob {
  const bounds = (first: number, end: number) =>
    [thread, thread + 1].map((of) => first + Math.floor((of * (end - first)) / threads));
  if ('into' in job) {
    const [firstRow, endRow] = bounds(job.firstRow, job.endRow);
    return { ...job, firstRow, endRow };
  }
  const [firstGroup, endGroup] = bounds(job.firstGroup, job.endGroup);
  return { ...job, firstGroup, endGroup };
}
