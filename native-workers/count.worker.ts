import { parentPort } from 'node:worker_threads';
import { counterKernel, type CountOrder, type CountSeat } from './histograms/count-threads.ts';

/** Counts its share of every run, in memory that the engine shares with it. */
const counters = new Map<number, { count: ReturnType<typeof counterKernel>; tables: number }>();

parentPort?.on('message', (message: CountSeat | CountOrder) => {
  if ('memory' in message) {
    counters.set(message.id, { count: counterKernel(message.memory), tables: message.tables });
    return;
  }
  const counter = counters.get(message.id);
  if (!counter) throw new Error('A thread was asked to count in memory that it does not know.');
  for (const job of message.jobs) counter.count(job, counter.tables);
  parentPort?.postMessage(message.run);
});
