import type { KernelMemory } from '../accumulate/pack-units.ts';

/**
 * The runtime hands back copies of the outputs it has written to kernel memory. Freed at once: left to the garbage
 * collector they make it run all the time.
 */
export function releaseCopies(outputs: Record<string, { data: unknown }>, memory: KernelMemory): void {
  for (const { data } of Object.values(outputs)) {
    const buffer = data instanceof Float32Array ? data.buffer : null;
    if (buffer instanceof ArrayBuffer && !memory.owns(buffer)) buffer.transfer(0);
  }
}

/** Frees outputs that the runtime made itself and that are read no more. */
export function releaseOutputs(outputs: Record<string, { data: unknown }>): void {
  for (const { data } of Object.values(outputs))
    if (ArrayBuffer.isView(data) && data.buffer instanceof ArrayBuffer) data.buffer.transfer(0);
}
