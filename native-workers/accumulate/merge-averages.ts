import type { PartialAverage } from './shard-arrays.ts';

/**
 * Adds the sums of other images, in place. Both are sums of values less those of one image, each of its own: with
 * u = y - f, x = p - g of the other's image f, g and d, e = f, g less this one's,
 *
 *   sum (u + d) = sum u + n d,   sum (u + d)(x + e) = sum u x + d sum x + e sum u + n d e
 *
 * O(units x pixels), float64.
 */
export function mergeAverage(into: PartialAverage, other: PartialAverage): void {
  if (!other.first) return;
  const { n, units, squares, pixels, products } = other.sums;
  into.first ??= { units: other.first.units.slice(), pixels: other.first.pixels.slice() };
  const d = difference(other.first.units, into.first.units);
  const e = difference(other.first.pixels, into.first.pixels);
  const sums = into.sums;
  for (let unit = 0; unit < units.length; unit++) {
    const shift = d[unit];
    sums.units[unit] += units[unit] + n * shift;
    sums.squares[unit] += squares[unit] + 2 * shift * units[unit] + n * shift * shift;
    for (let pixel = 0, at = unit * e.length; pixel < e.length; pixel++, at++)
      sums.products[at] +=
        products[at] + shift * pixels[pixel] + e[pixel] * units[unit] + n * shift * e[pixel];
  }
  for (let pixel = 0; pixel < e.length; pixel++) sums.pixels[pixel] += pixels[pixel] + n * e[pixel];
  sums.n += n;
}

function difference(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, at) => value - other[at]);
}
