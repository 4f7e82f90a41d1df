import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linearAssignment } from '#core/numeric/matching/linear-assignment.ts';
import { createRandom, shuffle } from '#core/random.ts';
import { expectClose, type Tolerance } from '../../close.ts';

const tolerance: Tolerance = {
  rtol: 1e-12,
  atol: 1e-12,
  reason: 'sums of up to some hundred float64 scores',
};

type Matrix = { rows: number; cols: number; score: Float64Array };

const matrix = (maxSide: number, entry: fc.Arbitrary<number>): fc.Arbitrary<Matrix> =>
  fc
    .tuple(fc.integer({ min: 1, max: maxSide }), fc.integer({ min: 1, max: maxSide }))
    .chain(([rows, cols]) =>
      fc
        .array(entry, { minLength: rows * cols, maxLength: rows * cols })
        .map((values) => ({ rows, cols, score: Float64Array.from(values) })),
    );
const real = fc.double({ min: -1, max: 1, noNaN: true });
const tied = fc.integer({ min: -2, max: 2 });

/** Largest total over all injective maps of the smaller side, by trying every one. */
function bruteForce({ rows, cols, score }: Matrix): number {
  if (rows > cols) return bruteForce(transposed({ rows, cols, score }));
  const isTaken = new Uint8Array(cols);
  const best = (row: number): number => {
    if (row === rows) return 0;
    let most = -Infinity;
    for (let col = 0; col < cols; col++) {
      if (isTaken[col]) continue;
      isTaken[col] = 1;
      most = Math.max(most, score[row * cols + col] + best(row + 1));
      isTaken[col] = 0;
    }
    return most;
  };
  return best(0);
}

function transposed({ rows, cols, score }: Matrix): Matrix {
  const flipped = Float64Array.from(score, (_, at) => score[(at % rows) * cols + Math.floor(at / rows)]);
  return { rows: cols, cols: rows, score: flipped };
}

/** One-to-one, everyone on the smaller side matched, values and total those of the pairs. */
function expectValid({ rows, cols, score }: Matrix): number {
  const { partner, value, total } = linearAssignment(score, rows, cols);
  const used = [...partner].filter((col) => col >= 0);
  expect(used.length).toBe(Math.min(rows, cols));
  expect(new Set(used).size).toBe(used.length);
  expect(Math.max(-1, ...used)).toBeLessThan(cols);
  let sum = 0;
  partner.forEach((col, row) => {
    expect(value[row]).toBe(col < 0 ? 0 : score[row * cols + col]);
    sum += value[row];
  });
  expect(total).toBe(sum);
  return total;
}

/** Correlation-like: half of the rows have a clear partner, the rest is noise around 0. */
function correlationLike(rows: number, cols: number, seed: number): Matrix {
  const random = createRandom(seed);
  const score = Float64Array.from({ length: rows * cols }, () => 0.3 * (random.nextFloat() - 0.4));
  const order = shuffle(
    Int32Array.from({ length: cols }, (_, col) => col),
    random,
  );
  for (let k = 0; k < Math.min(rows, cols) / 2; k++) score[k * cols + order[k]] += 0.6 * random.nextFloat();
  return { rows, cols, score };
}

describe('linearAssignment', () => {
  test('empty sides match nobody', () => {
    expect(linearAssignment(new Float64Array(0), 0, 3)).toEqual({
      partner: new Int32Array(0),
      value: new Float64Array(0),
      total: 0,
    });
    expect([...linearAssignment(new Float64Array(0), 2, 0).partner]).toEqual([-1, -1]);
  });

  test('one cell, one row, one column', () => {
    expect(linearAssignment(Float64Array.of(-5), 1, 1).total).toBe(-5);
    expect([...linearAssignment(Float64Array.of(1, 3, 2), 1, 3).partner]).toEqual([1]);
    expect([...linearAssignment(Float64Array.of(-4, -3, -9), 3, 1).partner]).toEqual([-1, 0, -1]);
  });

  test('constant, zero and integer matrices (all ties) of a size where a bad tie rule would hang', () => {
    for (const entry of [0, 2.5, -1]) {
      const [rows, cols] = [600, 600];
      expect(expectValid({ rows, cols, score: new Float64Array(rows * cols).fill(entry) })).toBe(
        entry * rows,
      );
    }
    const random = createRandom(2);
    const score = Float64Array.from({ length: 300 * 350 }, () => random.nextInt(3));
    expect(expectValid({ rows: 300, cols: 350, score })).toBe(600);
  });

  test('products i x j (Machol & Wien): every row wants the same columns; the optimum is the diagonal', () => {
    const n = 250;
    const random = createRandom(9);
    const order = shuffle(
      Int32Array.from({ length: n }, (_, k) => k),
      random,
    );
    const score = Float64Array.from({ length: n * n }, (_, at) => order[Math.floor(at / n)] * (at % n));
    expect([...linearAssignment(score, n, n).partner]).toEqual([...order]);
    const negated = linearAssignment(
      score.map((x) => -x),
      n,
      n,
    ).partner;
    expect([...negated]).toEqual([...order].map((k) => n - 1 - k));
  });

  test('rows and columns of zeros (dead units) take part', () => {
    const { score, rows, cols } = correlationLike(40, 40, 3);
    for (let k = 0; k < 40; k++)
      for (const dead of [0, 7, 39]) score[dead * 40 + k] = score[k * 40 + dead] = 0;
    expectValid({ rows, cols, score });
  });

  test('total equals trying everything, real scores', () => {
    fc.assert(
      fc.property(matrix(6, real), (m) => {
        expectClose([expectValid(m)], [bruteForce(m)], tolerance);
      }),
      { numRuns: 200 },
    );
  });

  test('total equals trying everything, tied scores', () => {
    fc.assert(
      fc.property(matrix(6, tied), (m) => {
        expect(expectValid(m)).toBe(bruteForce(m));
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(matrix(7, tied), (m) => {
        expect(expectValid(m)).toBe(bruteForce(m));
      }),
      { numRuns: 10 },
    );
  });

  test('the transpose has the same total, and is itself when the optimum is unique', () => {
    fc.assert(
      fc.property(matrix(25, real), (m) => {
        expectClose([expectValid(transposed(m))], [expectValid(m)], tolerance);
      }),
    );
    const m = correlationLike(30, 45, 8);
    const forth = linearAssignment(m.score, 30, 45).partner;
    const back = linearAssignment(transposed(m).score, 45, 30).partner;
    forth.forEach((col, row) => expect(back[col]).toBe(row));
  });

  test('permuting rows and columns permutes the matching', () => {
    fc.assert(
      fc.property(fc.nat(1e6), (seed) => {
        const [rows, cols] = [12 + (seed % 9), 15];
        const m = correlationLike(rows, cols, seed);
        const random = createRandom(seed + 1);
        const rowOf = shuffle(
          Int32Array.from({ length: rows }, (_, k) => k),
          random,
        );
        const colOf = shuffle(
          Int32Array.from({ length: cols }, (_, k) => k),
          random,
        );
        const moved = m.score.map((_, at) => m.score[rowOf[Math.floor(at / cols)] * cols + colOf[at % cols]]);
        const plain = linearAssignment(m.score, rows, cols).partner;
        const permuted = linearAssignment(moved, rows, cols).partner;
        permuted.forEach((col, row) => expect(col < 0 ? -1 : colOf[col]).toBe(plain[rowOf[row]]));
      }),
    );
  });

  test('no random assignment and no exchange of two pairs does better', () => {
    for (const [rows, cols] of [
      [150, 150],
      [90, 160],
      [160, 90],
    ]) {
      const m = correlationLike(rows, cols, rows);
      const total = expectValid(m);
      const { partner } = linearAssignment(m.score, rows, cols);
      const random = createRandom(5);
      for (let trial = 0; trial < 50; trial++) {
        const order = shuffle(
          Int32Array.from({ length: Math.max(rows, cols) }, (_, k) => k),
          random,
        );
        let other = 0;
        for (let row = 0; row < rows; row++) if (order[row] < cols) other += m.score[row * cols + order[row]];
        expect(total).toBeGreaterThanOrEqual(other);
      }
      for (let a = 0; a < rows; a++) {
        for (let b = 0; b < a; b++) {
          if (partner[a] < 0 || partner[b] < 0) continue;
          const at = (row: number, col: number) => m.score[row * cols + col];
          const swapped = at(a, partner[b]) + at(b, partner[a]) - at(a, partner[a]) - at(b, partner[b]);
          expect(swapped).toBeLessThanOrEqual(1e-12);
        }
      }
    }
  });

  test('scores of very different sizes', () => {
    const score = Float64Array.of(1e200, 1, 0, 1, 1e-200, 0, 0, 0, -1e200);
    expect(linearAssignment(score, 3, 3).total).toBe(1e200);
  });

  test('refuses what is not finite, naming the place, and wrong lengths', () => {
    for (const bad of [NaN, Infinity, -Infinity, 1e300]) {
      expect(() => linearAssignment(Float64Array.of(0, 1, bad, 0), 2, 2)).toThrow(
        /unit 1 of A with unit 0 of B/,
      );
    }
    expect(() => linearAssignment(new Float64Array(5), 2, 3)).toThrow(/2 x 3 cannot have 5/);
  });

  test('progress never falls, ends complete, and may cancel without touching the scores', () => {
    const m = correlationLike(200, 200, 6);
    const before = m.score.slice();
    const seen: number[] = [];
    linearAssignment(m.score, 200, 200, (done, total) => {
      expect(total).toBe(200);
      seen.push(done);
    });
    expect(seen.at(-1)).toBe(200);
    expect(seen.length).toBeGreaterThan(1);
    const cancel = () => {
      throw new Error('stop');
    };
    expect(() => linearAssignment(m.score, 200, 200, cancel)).toThrow('stop');
    expect(m.score).toEqual(before);
  });
});
