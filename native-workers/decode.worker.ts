import { parentPort } from 'node:worker_threads';
import { toPlainError } from '#core/errors.ts';
import { fillSlots, type DecodeOrder } from './data/fill-slots.ts';

/** Decodes samples ahead of inference, in its own thread. */
parentPort?.once('message', (order: DecodeOrder) => {
  fillSlots(order).catch((error: unknown) => parentPort?.postMessage(toPlainError(error)));
});
