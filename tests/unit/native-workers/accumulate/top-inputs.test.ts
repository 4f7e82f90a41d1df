import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TopInputCollector } from '#workers/accumulate/top-inputs.ts';

/** Every image's best position of one unit, largest first, ties to the earlier image. */
function expectedTop(
  values: Float32Array,
  images: number,
  units: number,
  positions: number,
  unit: number,
  k: number,
) {
  const best = Array.from({ length: images }, (_, image) => {
    const start = (image * units + unit) * positions;
    const run = [...values.subarray(start, start + positions)];
    const value = Math.max(...run);
    return { image, position: run.indexOf(value), value };
  });
  return best.sort((x, y) => y.value - x.value || x.image - y.image).slice(0, k);
}

it('keeps the k best images of every unit, in any batches', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      fc.infiniteStream(fc.integer({ min: -3, max: 3 })),
      (images, units, positions, k, batch, isBackwards, numbers) => {
        const values = Float32Array.from(
          { length: images * units * positions },
          () => numbers.next().value as number,
        );
        // Images may come in any order.
        const order = isBackwards ? [...Array(images).keys()].reverse() : [...Array(images).keys()];
        const inOrder = new Float32Array(values.length);
        const size = units * positions;
        order.forEach((image, at) => inOrder.set(values.subarray(at * size, (at + 1) * size), image * size));
        const collector = new TopInputCollector(units, k);
        for (let first = 0; first < images; first += batch) {
          const count = Math.min(batch, images - first);
          const part = values.subarray(first * size, (first + count) * size);
          const maximum = Float32Array.from({ length: count * units }, (_, row) =>
            Math.max(...part.subarray(row * positions, (row + 1) * positions)),
          );
          const indices = Int32Array.from({ length: count }, (_, at) => order[first + at]);
          collector.offer(indices, maximum, part, positions);
        }
        const found = collector.finish();
        for (let unit = 0; unit < units; unit++) {
          const expected = expectedTop(inOrder, images, units, positions, unit, k);
          for (let place = 0; place < k; place++) {
            const at = unit * k + place;
            const entry = { image: found.image[at], position: found.position[at], value: found.value[at] };
            expect(entry).toEqual(expected[place] ?? { image: -1, position: -1, value: 0 });
          }
        }
      },
    ),
  );
});
