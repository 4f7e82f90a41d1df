/** A binary min-heap of integers by a float64 key, with reused memory. */
export interface EventHeap {
  size: number;
  keys: Float64Array;
  ids: Int32Array;
}

export function createEventHeap(capacity: number): EventHeap {
  return { size: 0, keys: new Float64Array(capacity), ids: new Int32Array(capacity) };
}

/** O(log size), doubling the memory when it is full. */
export function pushEvent(heap: EventHeap, key: number, id: number): void {
  if (heap.size === heap.keys.length) grow(heap);
  const { keys, ids } = heap;
  let hole = heap.size++;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (keys[parent] <= key) break;
    keys[hole] = keys[parent];
    ids[hole] = ids[parent];
    hole = parent;
  }
  keys[hole] = key;
  ids[hole] = id;
}

/** Removes the event of least key, which is at index 0 of `keys` and `ids` before the call. O(log size). */
export function dropLeastEvent(heap: EventHeap): void {
  const { keys, ids } = heap;
  const size = --heap.size;
  const key = keys[size];
  const id = ids[size];
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= size) break;
    if (child + 1 < size && keys[child + 1] < keys[child]) child++;
    if (keys[child] >= key) break;
    keys[hole] = keys[child];
    ids[hole] = ids[child];
    hole = child;
  }
  keys[hole] = key;
  ids[hole] = id;
}

function grow(heap: EventHeap): void {
  const keys = new Float64Array(2 * heap.keys.length + 1);
  const ids = new Int32Array(keys.length);
  keys.set(heap.keys);
  ids.set(heap.ids);
  heap.keys = keys;
  heap.ids = ids;
}
