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
  let packedUnits = 0;
  if (positions == 1 && mask == 0) {
    let folds = 1;
    for (let image = 0; image < images; image++)
      if (load<i32>(foldOfImage + ((image as usize) << 2)) > 0) folds = 2;
    for (; packedUnits + 4 <= units; packedUnits += 4)
      for (let fold = 0; fold < folds; fold++)
        packSingles(
          source,
          packed,
          images,
          units,
          columns,
          columnOfImage,
          foldOfImage,
          fold,
          packedUnits,
          shift,
          accumulators + ((((fold * units + packedUnits) as usize) * SLOTS) << 3),
          imageMaximum,
        );
  }
  for (let image = 0; image < images; image++) {
    const fold = load<i32>(foldOfImage + ((image as usize) << 2));
    const column = load<i32>(columnOfImage + ((image as usize) << 2)) as usize;
    for (let unit = packedUnits; unit < units; unit++) {
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

/** Four units of images with one position each, of one fold: sums stay in registers, four numbers are read at once. */
function packSingles(
  source: usize,
  packed: usize,
  images: i32,
  units: i32,
  columns: i32,
  columnOfImage: usize,
  foldOfImage: usize,
  fold: i32,
  unit: i32,
  shift: usize,
  slots: usize, // of the first of the four
  imageMaximum: usize,
): void {
  const shifts = v128.load(shift + ((unit as usize) << 2));
  const row = (columns as usize) << 2;
  const first = packed + (unit as usize) * row;
  let zeros: v128 = i32x4.splat(0);
  let lows = f32x4.splat(f32.MAX_VALUE);
  let highs = f32x4.splat(-f32.MAX_VALUE);
  let a1 = f64x2.splat(0),
    a2 = f64x2.splat(0),
    a3 = f64x2.splat(0),
    a4 = f64x2.splat(0),
    aa = f64x2.splat(0),
    b1 = f64x2.splat(0),
    b2 = f64x2.splat(0),
    b3 = f64x2.splat(0),
    b4 = f64x2.splat(0),
    ba = f64x2.splat(0);
  let count = 0;
  for (let image = 0; image < images; image++) {
    const place = (image as usize) << 2;
    if (load<i32>(foldOfImage + place) != fold) continue;
    count++;
    const at = ((image * units + unit) as usize) << 2;
    const x = v128.load(source + at);
    const d = f32x4.sub(x, shifts);
    const to = first + ((load<i32>(columnOfImage + place) as usize) << 2);
    store<f32>(to, f32x4.extract_lane(d, 0));
    store<f32>(to + row, f32x4.extract_lane(d, 1));
    store<f32>(to + 2 * row, f32x4.extract_lane(d, 2));
    store<f32>(to + 3 * row, f32x4.extract_lane(d, 3));
    v128.store(imageMaximum + at, x);
    const absolute = f32x4.abs(x);
    const a = f64x2.promote_low_f32x4(d);
    const b = f64x2.promote_low_f32x4(upperHalf(d));
    const asq = f64x2.mul(a, a);
    const bsq = f64x2.mul(b, b);
    a1 = f64x2.add(a1, a);
    b1 = f64x2.add(b1, b);
    a2 = f64x2.add(a2, asq);
    b2 = f64x2.add(b2, bsq);
    a3 = f64x2.add(a3, f64x2.mul(asq, a));
    b3 = f64x2.add(b3, f64x2.mul(bsq, b));
    a4 = f64x2.add(a4, f64x2.mul(asq, asq));
    b4 = f64x2.add(b4, f64x2.mul(bsq, bsq));
    aa = f64x2.add(aa, f64x2.promote_low_f32x4(absolute));
    ba = f64x2.add(ba, f64x2.promote_low_f32x4(upperHalf(absolute)));
    zeros = i32x4.sub(zeros, f32x4.eq(x, f32x4.splat(0)));
    lows = f32x4.pmin(lows, x);
    highs = f32x4.pmax(highs, x);
  }
  if (count == 0) return;
  const next = SLOTS << 3;
  addSingles(slots, a1, a2, a3, a4, aa, zeros, lows, highs);
  addSingles(slots + 2 * next, b1, b2, b3, b4, ba, upperHalf(zeros), upperHalf(lows), upperHalf(highs));
}

function upperHalf(v: v128): v128 {
  return i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}

/** Sums of two units, in two lanes each (of four numbers the first two). */
function addSingles(
  slots: usize,
  s1: v128,
  s2: v128,
  s3: v128,
  s4: v128,
  sa: v128,
  zeros: v128,
  lows: v128,
  highs: v128,
): void {
  const other = slots + (SLOTS << 3);
  addBoth(slots, other, 0, s1);
  addBoth(slots, other, 1, s2);
  addBoth(slots, other, 2, s3);
  addBoth(slots, other, 3, s4);
  addBoth(slots, other, 4, sa);
  add(slots, 5, i32x4.extract_lane(zeros, 0) as f64);
  add(other, 5, i32x4.extract_lane(zeros, 1) as f64);
  widen(slots, f32x4.extract_lane(lows, 0) as f64, f32x4.extract_lane(highs, 0) as f64);
  widen(other, f32x4.extract_lane(lows, 1) as f64, f32x4.extract_lane(highs, 1) as f64);
}

function addBoth(slots: usize, other: usize, slot: usize, sums: v128): void {
  add(slots, slot, f64x2.extract_lane(sums, 0));
  add(other, slot, f64x2.extract_lane(sums, 1));
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
  widen(slots, low as f64, high as f64);
  return high;
}

function widen(slots: usize, low: f64, high: f64): void {
  if (low < load<f64>(slots + 48)) store<f64>(slots + 48, low);
  if (high > load<f64>(slots + 56)) store<f64>(slots + 56, high);
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
