// AssemblyScript (compiled to WebAssembly SIMD by `npm run wasm`; see lasso-kernel.ts for the host's side).
//
// The inner loops of core/numeric/sparse-mapping/lasso-arithmetic.ts: the same sums, four at a time in two registers
// where a sum is long, so that results differ from the plain ones by rounding alone.

/** into += factor row */
function addRow(size: i32, row: usize, factor: f64, into: usize): void {
  const times = f64x2.splat(factor);
  const end = (size as usize) << 3;
  let at: usize = 0;
  for (; at + 32 <= end; at += 32) {
    v128.store(into + at, f64x2.add(v128.load(into + at), f64x2.mul(times, v128.load(row + at))));
    v128.store(into + at, f64x2.add(v128.load(into + at, 16), f64x2.mul(times, v128.load(row + at, 16))), 16);
  }
  for (; at < end; at += 8) store<f64>(into + at, load<f64>(into + at) + factor * load<f64>(row + at));
}

function dot(size: i32, a: usize, b: usize): f64 {
  let one = f64x2.splat(0);
  let two = f64x2.splat(0);
  const end = (size as usize) << 3;
  let at: usize = 0;
  for (; at + 32 <= end; at += 32) {
    one = f64x2.add(one, f64x2.mul(v128.load(a + at), v128.load(b + at)));
    two = f64x2.add(two, f64x2.mul(v128.load(a + at, 16), v128.load(b + at, 16)));
  }
  one = f64x2.add(one, two);
  let sum = f64x2.extract_lane(one, 0) + f64x2.extract_lane(one, 1);
  for (; at < end; at += 8) sum += load<f64>(a + at) * load<f64>(b + at);
  return sum;
}

export function descend(
  size: i32,
  gram: usize, // float64 [size, size]
  weights: usize, // float64 [size]
  gradient: usize, // float64 [size]
  alpha: f64,
  passes: i32,
): void {
  const rowBytes = (size as usize) << 3;
  for (let pass = 0; pass < passes; pass++) {
    let row = gram;
    for (let at: usize = 0; at < rowBytes; at += 8, row += rowBytes) {
      const old = load<f64>(weights + at);
      const pull = load<f64>(gradient + at) + old;
      const next = pull > alpha ? pull - alpha : pull < -alpha ? pull + alpha : 0;
      if (next == old) continue;
      store<f64>(weights + at, next);
      addRow(size, row, old - next, gradient);
    }
  }
}

/** Four rows at a time, so that `into` is read and written once for them. */
export function subtractRows(rows: i32, size: i32, matrix: usize, factors: usize, into: usize): void {
  const rowBytes = (size as usize) << 3;
  const two = rowBytes & ~15;
  let k: usize = 0;
  const count = rows as usize;
  while (k < count) {
    let found = 0;
    let a: usize = 0,
      b: usize = 0,
      c: usize = 0,
      d: usize = 0;
    let fa: f64 = 0,
      fb: f64 = 0,
      fc: f64 = 0,
      fd: f64 = 0;
    for (; k < count && found < 4; k++) {
      const factor = load<f64>(factors + (k << 3));
      if (factor == 0) continue;
      const row = matrix + k * rowBytes;
      if (found == 0) {
        a = b = c = d = row;
        fa = factor;
      } else if (found == 1) {
        b = row;
        fb = factor;
      } else if (found == 2) {
        c = row;
        fc = factor;
      } else {
        d = row;
        fd = factor;
      }
      found++;
    }
    if (found == 0) return;
    const ta = f64x2.splat(fa),
      tb = f64x2.splat(fb),
      tc = f64x2.splat(fc),
      td = f64x2.splat(fd);
    let at: usize = 0;
    for (; at < two; at += 16) {
      const one = f64x2.add(f64x2.mul(ta, v128.load(a + at)), f64x2.mul(tb, v128.load(b + at)));
      const other = f64x2.add(f64x2.mul(tc, v128.load(c + at)), f64x2.mul(td, v128.load(d + at)));
      v128.store(into + at, f64x2.sub(v128.load(into + at), f64x2.add(one, other)));
    }
    for (; at < rowBytes; at += 8) {
      const one = fa * load<f64>(a + at) + fb * load<f64>(b + at);
      const other = fc * load<f64>(c + at) + fd * load<f64>(d + at);
      store<f64>(into + at, load<f64>(into + at) - (one + other));
    }
  }
}

/** 1, or 0 where a pivot is not above `least`. */
export function factorise(count: i32, matrix: usize, least: f64): i32 {
  const rowBytes = (count as usize) << 3;
  let row = matrix;
  for (let i = 0; i < count; i++, row += rowBytes) {
    let other = matrix;
    for (let j = 0; j < i; j++, other += rowBytes) {
      const at = (j as usize) << 3;
      store<f64>(row + at, (load<f64>(row + at) - dot(j, row, other)) / load<f64>(other + at));
    }
    const at = row + ((i as usize) << 3);
    const pivot = load<f64>(at) - dot(i, row, row);
    if (!(pivot > least)) return 0;
    store<f64>(at, sqrt<f64>(pivot));
  }
  return 1;
}

export function solve(count: i32, factor: usize, x: usize): void {
  const rowBytes = (count as usize) << 3;
  for (let i = 0; i < count; i++) {
    const row = factor + (i as usize) * rowBytes;
    const at = (i as usize) << 3;
    store<f64>(x + at, (load<f64>(x + at) - dot(i, row, x)) / load<f64>(row + at));
  }
  for (let i = count - 1; i >= 0; i--) {
    const row = factor + (i as usize) * rowBytes;
    const at = (i as usize) << 3;
    const value = load<f64>(x + at) / load<f64>(row + at);
    store<f64>(x + at, value);
    addRow(i, row, -value, x);
  }
}
