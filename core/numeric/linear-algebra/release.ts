/**
 * Gives the memory of arrays back at once; the arrays are empty from then on. Left to the garbage collector, a matrix
 * that nothing needs any more lies beside the next ones for a long time. Not for parts of an array that is still read.
 */
export function release(...arrays: Float64Array[]): void {
  for (const { buffer } of arrays) if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}
