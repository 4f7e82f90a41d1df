// AssemblyScript (compiled to WebAssembly SIMD by `npm run wasm`; see simd-arithmetic.ts for the host's side).
//
// The inner loops of core/numeric/linear-algebra/plain-arithmetic.ts: the same sums in another order, so that results
// differ from the plain ones by rounding alone. Products work on packed blocks and keep a tile of 4 x 4 sums in eight
// registers (Goto & van de Geijn 2008, doi:10.1145/1356052.1356053). Sizes are counts of float64, addresses are bytes.

/** Rows of A and length of the sums packed at once: 128 KiB, which stays in the second cache. */
const blockRows: i32 = 64;
const blockInner: i32 = 256;
/** Columns of B packed at once. */
const blockColumns: i32 = 512;
const packedA: usize = 8 * 64 * 256;
const packedB: usize = 8 * 512 * 256;

/** C += alpha op(A) op(B); `scratch` has room for both packed blocks and one tile (see scratchBytes). */
export function multiplyAdd(
  m: i32,
  n: i32,
  k: i32,
  alpha: f64,
  a: usize, // float64 [m, k], or [k, m] where transposed
  lda: i32,
  isTransposedA: i32,
  b: usize, // float64 [k, n], or [n, k] where transposed
  ldb: i32,
  isTransposedB: i32,
  c: usize, // float64 [m, n]
  ldc: i32,
  scratch: usize,
): void {
  const blockB = scratch + packedA;
  const tile = blockB + packedB;
  for (let column = 0; column < n; column += blockColumns) {
    const columns = min(blockColumns, n - column);
    for (let inner = 0; inner < k; inner += blockInner) {
      const depth = min(blockInner, k - inner);
      if (isTransposedB) packStrided(columns, depth, b + at(column, ldb, inner), ldb, blockB);
      else packContiguous(columns, depth, b + at(inner, ldb, column), ldb, blockB);
      for (let row = 0; row < m; row += blockRows) {
        const rows = min(blockRows, m - row);
        if (isTransposedA) packContiguous(rows, depth, a + at(inner, lda, row), lda, scratch);
        else packStrided(rows, depth, a + at(row, lda, inner), lda, scratch);
        blockProduct(rows, columns, depth, alpha, scratch, blockB, c + at(row, ldc, column), ldc, tile);
      }
    }
  }
}

function at(row: i32, stride: i32, column: i32): usize {
  return ((row as usize) * (stride as usize) + (column as usize)) << 3;
}

/** Lines of a block in fours, the four values of each step side by side; `source` has one line a row. */
function packStrided(lines: i32, depth: i32, source: usize, stride: i32, into: usize): void {
  const step = (stride as usize) << 3;
  const end = (depth as usize) << 3;
  for (let line = 0; line < lines; line += 4) {
    const count = lines - line;
    const first = source + (line as usize) * step;
    if (count >= 4) {
      const second = first + step;
      const third = second + step;
      const fourth = third + step;
      for (let p: usize = 0; p < end; p += 8, into += 32) {
        store<f64>(into, load<f64>(first + p));
        store<f64>(into, load<f64>(second + p), 8);
        store<f64>(into, load<f64>(third + p), 16);
        store<f64>(into, load<f64>(fourth + p), 24);
      }
    } else {
      for (let p: usize = 0; p < end; p += 8, into += 32) {
        for (let r: usize = 0; r < 4; r++) {
          store<f64>(into + (r << 3), (r as i32) < count ? load<f64>(first + r * step + p) : 0);
        }
      }
    }
  }
}

/** As packStrided, where `source` has one step a row. */
function packContiguous(lines: i32, depth: i32, source: usize, stride: i32, into: usize): void {
  const step = (stride as usize) << 3;
  for (let line = 0; line < lines; line += 4) {
    const count = lines - line;
    let from = source + ((line as usize) << 3);
    if (count >= 4) {
      for (let p = 0; p < depth; p++, from += step, into += 32) {
        v128.store(into, v128.load(from));
        v128.store(into, v128.load(from, 16), 16);
      }
    } else {
      for (let p = 0; p < depth; p++, from += step, into += 32) {
        for (let r: usize = 0; r < 4; r++) {
          store<f64>(into + (r << 3), (r as i32) < count ? load<f64>(from + (r << 3)) : 0);
        }
      }
    }
  }
}

function blockProduct(
  rows: i32,
  columns: i32,
  depth: i32,
  alpha: f64,
  a: usize,
  b: usize,
  c: usize,
  ldc: i32,
  tile: usize,
): void {
  const panel = (depth as usize) << 5;
  for (let column = 0; column < columns; column += 4) {
    let left = a;
    for (let row = 0; row < rows; row += 4, left += panel) {
      const target = c + at(row, ldc, column);
      if (row + 4 <= rows && column + 4 <= columns) {
        tileProduct(depth, alpha, left, b, target, (ldc as usize) << 3);
        continue;
      }
      // A tile over the edge: into a tile of its own, of which what exists is added.
      for (let r: usize = 0; r < 128; r += 16) v128.store(tile + r, f64x2.splat(0));
      tileProduct(depth, alpha, left, b, tile, 32);
      const height = min(4, rows - row);
      const width = min(4, columns - column);
      for (let r = 0; r < height; r++) {
        for (let s = 0; s < width; s++) {
          const to = target + at(r, ldc, s);
          store<f64>(to, load<f64>(to) + load<f64>(tile + at(r, 4, s)));
        }
      }
    }
    b += panel;
  }
}

/** C [4, 4] += alpha times the product of two packed panels. */
function tileProduct(depth: i32, alpha: f64, a: usize, b: usize, c: usize, step: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0);
  let c31 = f64x2.splat(0);
  const end = a + ((depth as usize) << 5);
  for (; a < end; a += 32, b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let factor = v128.load_splat<f64>(a);
    c00 = f64x2.add(c00, f64x2.mul(factor, b0));
    c01 = f64x2.add(c01, f64x2.mul(factor, b1));
    factor = v128.load_splat<f64>(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(factor, b0));
    c11 = f64x2.add(c11, f64x2.mul(factor, b1));
    factor = v128.load_splat<f64>(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(factor, b0));
    c21 = f64x2.add(c21, f64x2.mul(factor, b1));
    factor = v128.load_splat<f64>(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(factor, b0));
    c31 = f64x2.add(c31, f64x2.mul(factor, b1));
  }
  const times = f64x2.splat(alpha);
  addTo(c, times, c00, c01);
  addTo(c + step, times, c10, c11);
  addTo(c + 2 * step, times, c20, c21);
  addTo(c + 3 * step, times, c30, c31);
}

function addTo(c: usize, times: v128, one: v128, two: v128): void {
  v128.store(c, f64x2.add(v128.load(c), f64x2.mul(times, one)));
  v128.store(c, f64x2.add(v128.load(c, 16), f64x2.mul(times, two)), 16);
}

function sum(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** y := A x, reading the upper triangle once: four rows meet x and y together. */
export function symmetricTimes(n: i32, a: usize, lda: i32, x: usize, y: usize): void {
  const step = (lda as usize) << 3;
  const end = (n as usize) << 3;
  for (let j: usize = 0; j < end; j += 8) store<f64>(y + j, 0);
  let i: usize = 0;
  for (; i + 32 <= end; i += 32) {
    const row = a + (i >> 3) * step;
    for (let r: usize = 0; r < 4; r++) corner(row + r * step, i + (r << 3), i + 32, x, y);
    const x0 = v128.load_splat<f64>(x + i);
    const x1 = v128.load_splat<f64>(x + i, 8);
    const x2 = v128.load_splat<f64>(x + i, 16);
    const x3 = v128.load_splat<f64>(x + i, 24);
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    let j = i + 32;
    const row1 = row + step;
    const row2 = row1 + step;
    const row3 = row2 + step;
    for (; j + 16 <= end; j += 16) {
      const xj = v128.load(x + j);
      let yj = v128.load(y + j);
      let entry = v128.load(row + j);
      s0 = f64x2.add(s0, f64x2.mul(entry, xj));
      yj = f64x2.add(yj, f64x2.mul(entry, x0));
      entry = v128.load(row1 + j);
      s1 = f64x2.add(s1, f64x2.mul(entry, xj));
      yj = f64x2.add(yj, f64x2.mul(entry, x1));
      entry = v128.load(row2 + j);
      s2 = f64x2.add(s2, f64x2.mul(entry, xj));
      yj = f64x2.add(yj, f64x2.mul(entry, x2));
      entry = v128.load(row3 + j);
      s3 = f64x2.add(s3, f64x2.mul(entry, xj));
      yj = f64x2.add(yj, f64x2.mul(entry, x3));
      v128.store(y + j, yj);
    }
    add(y + i, sum(s0));
    add(y + i + 8, sum(s1));
    add(y + i + 16, sum(s2));
    add(y + i + 24, sum(s3));
    if (j < end) {
      for (let r: usize = 0; r < 4; r++) {
        const entry = load<f64>(row + r * step + j);
        add(y + i + (r << 3), entry * load<f64>(x + j));
        add(y + j, entry * load<f64>(x + i + (r << 3)));
      }
    }
  }
  for (; i < end; i += 8) corner(a + (i >> 3) * step, i, end, x, y);
}

/** Entries of one row from the diagonal to `end`, and what mirrors them. */
function corner(row: usize, i: usize, end: usize, x: usize, y: usize): void {
  const xi = load<f64>(x + i);
  add(y + i, load<f64>(row + i) * xi);
  for (let j = i + 8; j < end; j += 8) {
    const entry = load<f64>(row + j);
    add(y + i, entry * load<f64>(x + j));
    add(y + j, entry * xi);
  }
}

function add(address: usize, value: f64): void {
  store<f64>(address, load<f64>(address) + value);
}

/** y := A x, four rows at a time. */
export function rowsTimes(rows: i32, columns: i32, a: usize, lda: i32, x: usize, y: usize): void {
  const step = (lda as usize) << 3;
  const end = (columns as usize) << 3;
  let row = a;
  let i = 0;
  for (; i + 4 <= rows; i += 4, row += 4 * step, y += 32) {
    const row1 = row + step;
    const row2 = row1 + step;
    const row3 = row2 + step;
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    let t0 = f64x2.splat(0);
    let t1 = f64x2.splat(0);
    let t2 = f64x2.splat(0);
    let t3 = f64x2.splat(0);
    let j: usize = 0;
    for (; j + 32 <= end; j += 32) {
      let xj = v128.load(x + j);
      s0 = f64x2.add(s0, f64x2.mul(v128.load(row + j), xj));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(row1 + j), xj));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(row2 + j), xj));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(row3 + j), xj));
      xj = v128.load(x + j, 16);
      t0 = f64x2.add(t0, f64x2.mul(v128.load(row + j, 16), xj));
      t1 = f64x2.add(t1, f64x2.mul(v128.load(row1 + j, 16), xj));
      t2 = f64x2.add(t2, f64x2.mul(v128.load(row2 + j, 16), xj));
      t3 = f64x2.add(t3, f64x2.mul(v128.load(row3 + j, 16), xj));
    }
    let d0 = sum(f64x2.add(s0, t0));
    let d1 = sum(f64x2.add(s1, t1));
    let d2 = sum(f64x2.add(s2, t2));
    let d3 = sum(f64x2.add(s3, t3));
    for (; j < end; j += 8) {
      const xj = load<f64>(x + j);
      d0 += load<f64>(row + j) * xj;
      d1 += load<f64>(row1 + j) * xj;
      d2 += load<f64>(row2 + j) * xj;
      d3 += load<f64>(row3 + j) * xj;
    }
    store<f64>(y, d0);
    store<f64>(y, d1, 8);
    store<f64>(y, d2, 16);
    store<f64>(y, d3, 24);
  }
  for (; i < rows; i++, row += step, y += 8) {
    let one = f64x2.splat(0);
    let j: usize = 0;
    for (; j + 16 <= end; j += 16) one = f64x2.add(one, f64x2.mul(v128.load(row + j), v128.load(x + j)));
    let total = sum(one);
    for (; j < end; j += 8) total += load<f64>(row + j) * load<f64>(x + j);
    store<f64>(y, total);
  }
}

/** y += A^T x, four rows at a time. */
export function addRows(rows: i32, columns: i32, a: usize, lda: i32, x: usize, y: usize): void {
  const step = (lda as usize) << 3;
  const end = (columns as usize) << 3;
  let row = a;
  let i = 0;
  for (; i + 4 <= rows; i += 4, row += 4 * step, x += 32) {
    const row1 = row + step;
    const row2 = row1 + step;
    const row3 = row2 + step;
    const x0 = v128.load_splat<f64>(x);
    const x1 = v128.load_splat<f64>(x, 8);
    const x2 = v128.load_splat<f64>(x, 16);
    const x3 = v128.load_splat<f64>(x, 24);
    let j: usize = 0;
    for (; j + 16 <= end; j += 16) {
      const one = f64x2.add(f64x2.mul(v128.load(row + j), x0), f64x2.mul(v128.load(row1 + j), x1));
      const two = f64x2.add(f64x2.mul(v128.load(row2 + j), x2), f64x2.mul(v128.load(row3 + j), x3));
      v128.store(y + j, f64x2.add(v128.load(y + j), f64x2.add(one, two)));
    }
    if (j < end) {
      const one = load<f64>(row + j) * load<f64>(x) + load<f64>(row1 + j) * load<f64>(x, 8);
      const two = load<f64>(row2 + j) * load<f64>(x, 16) + load<f64>(row3 + j) * load<f64>(x, 24);
      add(y + j, one + two);
    }
  }
  for (; i < rows; i++, row += step, x += 8) {
    const factor = load<f64>(x);
    const times = f64x2.splat(factor);
    let j: usize = 0;
    for (; j + 16 <= end; j += 16)
      v128.store(y + j, f64x2.add(v128.load(y + j), f64x2.mul(times, v128.load(row + j))));
    if (j < end) add(y + j, factor * load<f64>(row + j));
  }
}

/** Bytes that `multiplyAdd` needs for its blocks. */
export function scratchBytes(): i32 {
  return (packedA + packedB + 128) as i32;
}
