// AssemblyScript (compiled to WebAssembly SIMD by `npm run wasm`; see joint-counter.ts for the host's side).
//
// Units are taken two by two: a pair's code is bin(first) x bins + bin(second), see count-codes.as.ts.

/** Codes of one batch: bin(first) x bins + bin(second), where a bin is the number of edges strictly below the value. */
export function encodeUnits(
  source: usize, // float32 [images, units, positions]
  codes: usize, // uint8 [ceil(units / 2)] rows of `stride`, written from `column` on
  images: i32,
  units: i32,
  positions: i32,
  stride: i32,
  column: i32,
  keep: usize, // uint8 [images]: 1 = counted
  edges: usize, // float32 [units, bins - 1], rounded down; NaN where there are fewer
  bins: i32,
): void {
  const edgeCount = bins - 1;
  for (let first = 0; first < units; first += 2) {
    const hasSecond = first + 1 < units;
    let to = codes + (((first >> 1) * stride + column) as usize);
    const one = edges + (((first * edgeCount) as usize) << 2);
    const other = edges + ((((first + 1) * edgeCount) as usize) << 2);
    if (positions == 1) {
      encodeSingles(
        source + ((first as usize) << 2),
        to,
        images,
        units,
        keep,
        hasSecond,
        one,
        other,
        edgeCount,
        bins,
      );
      continue;
    }
    for (let image = 0; image < images; image++) {
      if (load<u8>(keep + (image as usize)) == 0) continue;
      const from = source + ((((image * units + first) as usize) * (positions as usize)) << 2);
      const next = from + ((positions as usize) << 2);
      let p: usize = 0;
      for (; p + 4 <= (positions as usize); p += 4) {
        let code = binOf(v128.load(from + (p << 2)), one, edgeCount);
        if (hasSecond)
          code = i32x4.add(
            i32x4.mul(code, i32x4.splat(bins)),
            binOf(v128.load(next + (p << 2)), other, edgeCount),
          );
        else code = i32x4.mul(code, i32x4.splat(bins));
        store<u8>(to, i32x4.extract_lane(code, 0) as u8);
        store<u8>(to + 1, i32x4.extract_lane(code, 1) as u8);
        store<u8>(to + 2, i32x4.extract_lane(code, 2) as u8);
        store<u8>(to + 3, i32x4.extract_lane(code, 3) as u8);
        to += 4;
      }
      for (; p < (positions as usize); p++) {
        let code = binOfOne(load<f32>(from + (p << 2)), one, edgeCount) * bins;
        if (hasSecond) code += binOfOne(load<f32>(next + (p << 2)), other, edgeCount);
        store<u8>(to, code as u8);
        to++;
      }
    }
  }
}

/** Of images with one position each, four at a time: a value alone would be compared edge by edge, with a branch each. */
function encodeSingles(
  source: usize,
  to: usize,
  images: i32,
  units: i32,
  keep: usize,
  hasSecond: bool,
  one: usize,
  other: usize,
  edgeCount: i32,
  bins: i32,
): void {
  const stride = (units as usize) << 2;
  let image = 0;
  while (image < images) {
    let count = 0;
    let x = f32x4.splat(0);
    let y = x;
    for (; image < images && count < 4; image++) {
      if (load<u8>(keep + (image as usize)) == 0) continue;
      const at = source + (image as usize) * stride;
      // The newest last: lanes move down by one.
      x = i8x16.shuffle(
        x,
        f32x4.splat(load<f32>(at)),
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12,
        13,
        14,
        15,
        16,
        17,
        18,
        19,
      );
      if (hasSecond)
        y = i8x16.shuffle(
          y,
          f32x4.splat(load<f32>(at + 4)),
          4,
          5,
          6,
          7,
          8,
          9,
          10,
          11,
          12,
          13,
          14,
          15,
          16,
          17,
          18,
          19,
        );
      count++;
    }
    let code = i32x4.mul(binOf(x, one, edgeCount), i32x4.splat(bins));
    if (hasSecond) code = i32x4.add(code, binOf(y, other, edgeCount));
    if (count > 3) store<u8>(to++, i32x4.extract_lane(code, 0) as u8);
    if (count > 2) store<u8>(to++, i32x4.extract_lane(code, 1) as u8);
    if (count > 1) store<u8>(to++, i32x4.extract_lane(code, 2) as u8);
    if (count > 0) store<u8>(to++, i32x4.extract_lane(code, 3) as u8);
  }
}

function binOf(x: v128, edges: usize, count: i32): v128 {
  let bin = i32x4.splat(0);
  for (let k = 0; k < count; k++) {
    // A comparison that holds is -1 in every bit.
    bin = i32x4.sub(bin, f32x4.gt(x, f32x4.splat(load<f32>(edges + ((k as usize) << 2)))));
  }
  return bin;
}

function binOfOne(x: f32, edges: usize, count: i32): i32 {
  let bin = 0;
  for (let k = 0; k < count; k++) if (x > load<f32>(edges + ((k as usize) << 2))) bin++;
  return bin;
}
