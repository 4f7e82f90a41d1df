/** The buffers of an answer's numbers (`data` of an array, `values` of a tile): moved to the host, not copied. */
export function buffersOf(answer: unknown): ArrayBuffer[] {
  if (typeof answer !== 'object' || answer === null) return [];
  const { data, values } = answer as { data?: unknown; values?: unknown };
  return [data, values]
    .filter((part): part is ArrayBufferView => ArrayBuffer.isView(part))
    .map((view) => view.buffer)
    .filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
}
