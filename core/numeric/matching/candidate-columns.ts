/**
 * For every row the few columns of least reduced cost when the row was last read in full, and a bound below which no
 * other column of the row can lie. Prices only rise while an assignment is computed, so reduced costs
 * (price - score) only rise, and the bound stays valid however old it is: a scan of the candidates alone is exact
 * whenever what it looks for lies at or under the bound. (The idea of partial pricing: Volgenant 1996, LAPMOD,
 * doi:10.1016/0305-0548(96)00010-X.)
 */
export interface CandidateColumns {
  /** Candidates per row. */
  readonly width: number;
  /** [rows x width] columns, in no order; meaningful only where the bound is above -Infinity. */
  readonly columns: Int32Array;
  /** [rows] least reduced cost of any other column; -Infinity: never read; +Infinity: all columns are listed. */
  readonly bound: Float64Array;
  /** [width] reduced costs of the row being read. */
  readonly heap: Float64Array;
}

/** Wide enough that rows are seldom read in full twice, small enough to stay in the cache for thousands of rows. */
const candidatesPerRow = 24;

export function createCandidates(rows: number, cols: number): CandidateColumns {
  const width = Math.min(cols, candidatesPerRow);
  return {
    width,
    columns: new Int32Array(rows * width),
    bound: new Float64Array(rows).fill(-Infinity),
    heap: new Float64Array(width),
  };
}

/** Reads a row in full and lists its `width` columns of least reduced cost (a max-heap of them). O(cols log width). */
export function listCandidates(
  candidates: CandidateColumns,
  score: Float64Array,
  price: Float64Array,
  row: number,
): void {
  const { width, columns, bound, heap } = candidates;
  const cols = price.length;
  const start = row * cols;
  const base = row * width;
  for (let k = 0; k < width; k++) {
    heap[k] = price[k] - score[start + k];
    columns[base + k] = k;
  }
  bound[row] = Infinity;
  if (cols === width) return;
  for (let k = (width >> 1) - 1; k >= 0; k--)
    siftDown(heap, columns, base, width, k, heap[k], columns[base + k]);
  let largest = heap[0];
  for (let col = width; col < cols; col++) {
    const cost = price[col] - score[start + col];
    if (cost >= largest) continue;
    siftDown(heap, columns, base, width, 0, cost, col);
    largest = heap[0];
  }
  bound[row] = largest;
}

function siftDown(
  heap: Float64Array,
  columns: Int32Array,
  base: number,
  width: number,
  from: number,
  cost: number,
  column: number,
): void {
  let hole = from;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= width) break;
    if (child + 1 < width && heap[child + 1] > heap[child]) child++;
    if (heap[child] <= cost) break;
    heap[hole] = heap[child];
    columns[base + hole] = columns[base + child];
    hole = child;
  }
  heap[hole] = cost;
  columns[base + hole] = column;
}
