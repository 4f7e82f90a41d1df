/**
 * The same answer with typed arrays in buffers of their own size: those that came from the engine are parts of one
 * message, and every window that they are sent to would get the whole of it with each.
 */
export function withExactBuffers<T>(value: T): T {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const array = value as unknown as Uint8Array;
    return (array.byteLength === array.buffer.byteLength ? array : array.slice()) as unknown as T;
  }
  if (Array.isArray(value)) return value.map(withExactBuffers) as unknown as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withExactBuffers(part)])) as T;
}
