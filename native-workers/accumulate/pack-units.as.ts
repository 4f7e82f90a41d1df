// AssemblyScript (compiled to WebAssembly SIMD by `npm run wasm`; see pack-units.ts for the host's side).
//
// Reads one layer's activations [images, units, positions] (float32) and, for every unit:
//  - writes x - shift into a row of the packed matrix [units, columns], images in the given column order, so that
//    the joint second moments become one symmetric product;
//  - adds to the accumulators of the image's fold: n and sums of d, d^2, d^3, d^4 (d = x - shift), of |x|, the
//    number of exact zeros, min and max of x, over the positions that count;
//  - writes the maximum over positions of every (image, unit), from which top inputs are chosen.
// Sums run in float32 lanes over at most 256 values, then in float64.

const SLOTS: usize = 8; // sum1 sum2 sum3 sum4 sumAbs zeros min max, float64 each
const RUN: usize = 256;

export function packUnits(
  source: usize, // float32 [images, units, positions]
  packed: usize, // float32 [packedRows, columns], this layer's first row
  images: i32,
  units: i32,
  positions: i32,
  columns: i32, // row stride of packed, in values
  columnOfImage: usize, // int32 [images]: first column of each image
  foldOfImage: usize, // int32 [images]: 0 or 1
  shift: usize, // float32 [units]
  accumulators: usize, // float64 [2 folds, units, SLOTS]
  imageMaximum: usize, // float32 [images, units]
  mask: usize, // uint8 [images, positions]: 0 = no sample, its column is left 0; the address 0: all are samples
): void {
  for (let image = 0; image < images; image++) {
    const fold = load<i32>(foldOfImage + ((image as usize) << 2));
    const column = load<i32>(columnOfImage + ((image as usize) << 2)) as usize;
    for (let unit = 0; unit < units; unit++) {
      const from = source + ((((image * units + unit) as usize) * (positions as usize)) << 2);
      const to = packed + (((unit as usize) * (columns as usize) + column) << 2);
      const slots = accumulators + ((((fold * units + unit) as usize) * SLOTS) << 3);
      const by = load<f32>(shift + ((unit as usize) << 2));
      const top =
        mask == 0
          ? packRun(from, to, positions as usize, by, slots)
          : packMasked(from, to, positions as usize, by, slots, mask + ((image * positions) as usize));
      store<f32>(imageMaximum + (((image * units + unit) as usize) << 2), top);
    }
  }
}

/** Run by run of the positions that count. */
function packMasked(from: usize, to: usize, positions: usize, shift: f32, slots: usize, mask: usize): f32 {
  let top = -f32.MAX_VALUE;
  let start: usize = 0;
  while (start < positions) {
    if (load<u8>(mask + start) == 0) {
      store<f32>(to + (start << 2), 0);
      start++;
      continue;
    }
    let end = start + 1;
    while (end < positions && load<u8>(mask + end) != 0) end++;
    top = max(top, packRun(from + (start << 2), to + (start << 2), end - start, shift, slots));
    start = end;
  }
  return top;
}

function packRun(from: usize, to: usize, count: usize, shift: f32, slots: usize): f32 {
  const shifts = f32x4.splat(shift);
  let zeros: v128 = i32x4.splat(0);
  let lows = f32x4.splat(f32.MAX_VALUE);
  let highs = f32x4.splat(-f32.MAX_VALUE);
  let total1: f64 = 0,
    total2: f64 = 0,
    total3: f64 = 0,
    total4: f64 = 0,
    totalAbs: f64 = 0;
  let zeroCount: f64 = 0;
  let low = f32.MAX_VALUE,
    high = -f32.MAX_VALUE;
  const vectorEnd = count & ~3;
  let index: usize = 0;
  while (index < vectorEnd) {
    const runEnd = min(index + RUN, vectorEnd);
    let s1 = f32x4.splat(0),
      s2 = f32x4.splat(0),
      s3 = f32x4.splat(0),
      s4 = f32x4.splat(0),
      sa = f32x4.splat(0);
    for (; index < runEnd; index += 4) {
      const x = v128.load(from + (index << 2));
      const d = f32x4.sub(x, shifts);
      v128.store(to + (index << 2), d);
      const d2 = f32x4.mul(d, d);
      s1 = f32x4.add(s1, d);
      s2 = f32x4.add(s2, d2);
      s3 = f32x4.add(s3, f32x4.mul(d2, d));
      s4 = f32x4.add(s4, f32x4.mul(d2, d2));
      sa = f32x4.add(sa, f32x4.abs(x));
      zeros = i32x4.sub(zeros, f32x4.eq(x, f32x4.splat(0)));
      lows = f32x4.pmin(lows, x);
      highs = f32x4.pmax(highs, x);
    }
    total1 += across(s1);
    total2 += across(s2);
    total3 += across(s3);
    total4 += across(s4);
    totalAbs += across(sa);
  }
  zeroCount = (i32x4.extract_lane(zeros, 0) +
    i32x4.extract_lane(zeros, 1) +
    i32x4.extract_lane(zeros, 2) +
    i32x4.extract_lane(zeros, 3)) as f64;
  if (vectorEnd > 0) {
    low = min(
      min(f32x4.extract_lane(lows, 0), f32x4.extract_lane(lows, 1)),
      min(f32x4.extract_lane(lows, 2), f32x4.extract_lane(lows, 3)),
    );
    high = max(
      max(f32x4.extract_lane(highs, 0), f32x4.extract_lane(highs, 1)),
      max(f32x4.extract_lane(highs, 2), f32x4.extract_lane(highs, 3)),
    );
  }
  for (; index < count; index++) {
    const x = load<f32>(from + (index << 2));
    const d = x - shift;
    store<f32>(to + (index << 2), d);
    const wide = d as f64;
    const square = wide * wide;
    total1 += wide;
    total2 += square;
    total3 += square * wide;
    total4 += square * square;
    totalAbs += abs(x) as f64;
    if (x == 0) zeroCount += 1;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  add(slots, 0, total1);
  add(slots, 1, total2);
  add(slots, 2, total3);
  add(slots, 3, total4);
  add(slots, 4, totalAbs);
  add(slots, 5, zeroCount);
  if ((low as f64) < load<f64>(slots + 48)) store<f64>(slots + 48, low as f64);
  if ((high as f64) > load<f64>(slots + 56)) store<f64>(slots + 56, high as f64);
  return high;
}

function across(v: v128): f64 {
  return (
    (f32x4.extract_lane(v, 0) as f64) +
    (f32x4.extract_lane(v, 1) as f64) +
    (f32x4.extract_lane(v, 2) as f64) +
    (f32x4.extract_lane(v, 3) as f64)
  );
}

function add(slots: usize, slot: usize, value: f64): void {
  const address = slots + (slot << 3);
  store<f64>(address, load<f64>(address) + value);
}
