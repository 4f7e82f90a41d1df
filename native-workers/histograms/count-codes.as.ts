// AssemblyScript (compiled to WebAssembly SIMD by `npm run wasm`; see count-threads.ts for the host's side; in shared memory).
//
// Units are taken two by two: a pair's code is bin(first) x bins + bin(second), so that one look at a sample counts
// four pairs of units at once in a table of bins^2 x bins^2. The table holds uint16: at most 65,535 samples a time.
// Two tables take turns, because adding to the place just added to has to wait for it.

/** Adds the joint counts of every unit of A from row group `firstGroup` to `endGroup` with every unit of B. */
export function countCodes(
  codesA: usize, // uint8 [ceil(unitsA / 2)] rows of `stride`
  codesB: usize,
  stride: i32,
  samples: i32, // at most 65,535
  turn: i32, // sample s of A meets sample (s + turn) mod samples of B
  unitsA: i32,
  unitsB: i32,
  firstGroup: i32,
  endGroup: i32,
  bins: i32,
  tables: usize, // uint16 [2, bins^2, row] scratch, then uint16 [2, bins, row]
  counts: usize, // uint32 [unitsA, unitsB, bins, bins]
): void {
  const square = bins * bins;
  const row = (square + 7) & ~7;
  const tableBytes = ((square * row) as usize) << 1;
  const sums = tables + 2 * tableBytes;
  const groupsB = (unitsB + 1) >> 1;
  for (let ga = firstGroup; ga < endGroup; ga++) {
    const a = codesA + ((ga * stride) as usize);
    for (let gb = 0; gb < groupsB; gb++) {
      const b = codesB + ((gb * stride) as usize);
      memory.fill(tables, 0, 2 * tableBytes);
      countSpan(a, b + (turn as usize), samples - turn, tables, tableBytes, row);
      countSpan(a + ((samples - turn) as usize), b, turn, tables, tableBytes, row);
      spread(tables, tableBytes, sums, ga << 1, gb << 1, unitsA, unitsB, bins, row, counts);
    }
  }
}

function countSpan(a: usize, b: usize, count: i32, table: usize, tableBytes: usize, row: i32): void {
  const other = table + tableBytes;
  let s: usize = 0;
  const end = count as usize;
  for (; s + 4 <= end; s += 4) {
    const ca = load<u32>(a + s);
    const cb = load<u32>(b + s);
    add(table, (ca & 255) * row + (cb & 255));
    add(other, ((ca >> 8) & 255) * row + ((cb >> 8) & 255));
    add(table, ((ca >> 16) & 255) * row + ((cb >> 16) & 255));
    add(other, (ca >> 24) * row + (cb >> 24));
  }
  for (; s < end; s++) add(table, (load<u8>(a + s) as u32) * row + (load<u8>(b + s) as u32));
}

function add(table: usize, index: u32): void {
  const at = table + ((index as usize) << 1);
  store<u16>(at, load<u16>(at) + 1);
}

/** Sums both tables of two units by two units into the four tables of their pairs. */
function spread(
  table: usize,
  tableBytes: usize,
  sums: usize,
  firstA: i32,
  firstB: i32,
  unitsA: i32,
  unitsB: i32,
  bins: i32,
  row: i32,
  counts: usize,
): void {
  const rowBytes = (row as usize) << 1;
  const second = sums + (bins as usize) * rowBytes;
  memory.fill(second, 0, (bins as usize) * rowBytes);
  for (let i = 0; i < bins; i++) {
    const rows = table + ((i * bins) as usize) * rowBytes;
    const one = sums + (i as usize) * rowBytes;
    for (let at: usize = 0; at < rowBytes; at += 16) {
      let total = i16x8.splat(0);
      let from = rows + at;
      let two = second + at;
      for (let k = 0; k < bins; k++) {
        const part = i16x8.add(v128.load(from), v128.load(from + tableBytes));
        total = i16x8.add(total, part);
        v128.store(two, i16x8.add(v128.load(two), part));
        from += rowBytes;
        two += rowBytes;
      }
      v128.store(one + at, total);
    }
  }
  spreadRow(sums, firstA, firstB, unitsB, bins, rowBytes, counts);
  if (firstA + 1 < unitsA) spreadRow(second, firstA + 1, firstB, unitsB, bins, rowBytes, counts);
}

function spreadRow(
  sums: usize,
  unitA: i32,
  firstB: i32,
  unitsB: i32,
  bins: i32,
  rowBytes: usize,
  counts: usize,
): void {
  const square = bins * bins;
  const one = counts + (((unitA * unitsB + firstB) * square) << 2);
  const other = one + ((square as usize) << 2);
  const hasSecond = firstB + 1 < unitsB;
  const binBytes = (bins as usize) << 1;
  for (let i = 0; i < bins; i++) {
    const from = sums + (i as usize) * rowBytes;
    for (let j = 0; j < bins; j++) {
      let along = from + (j as usize) * binBytes;
      let across = from + ((j as usize) << 1);
      let total: u32 = 0;
      let otherTotal: u32 = 0;
      for (let k = 0; k < bins; k++) {
        total += load<u16>(along) as u32;
        otherTotal += load<u16>(across) as u32;
        along += 2;
        across += binBytes;
      }
      const at = ((i * bins + j) as usize) << 2;
      store<u32>(one + at, load<u32>(one + at) + total);
      if (hasSecond) store<u32>(other + at, load<u32>(other + at) + otherTotal);
    }
  }
}
