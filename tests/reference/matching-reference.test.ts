import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { linearAssignment } from '#core/numeric/matching/linear-assignment.ts';
import { expectClose, type Tolerance } from '../unit/core/close.ts';

/** scipy's totals and pairs; generate_matching_reference.py says how each matrix is made. */
const reference = JSON.parse(readFileSync(new URL('matching-reference.json', import.meta.url), 'utf8'));

const tolerance: Tolerance = {
  rtol: 0,
  atol: 1e-11,
  reason: 'the same 200 scores at most, added in another order',
};

interface Case {
  name: string;
  kind: string;
  rows: number;
  cols: number;
  seed: number;
  cellSum: number;
  total: number;
  unique: boolean;
  matchRows: number[];
  matchColumns: number[];
}

function build({ kind, rows, cols, seed }: Case): Float64Array {
  let state = seed;
  return Float64Array.from({ length: rows * cols }, (_, at) => {
    if (kind === 'constant') return 0.25;
    state = (1664525 * state + 1013904223) % 2 ** 32; // below 2^53: exact
    const share = (state >>> 8) / 2 ** 24;
    if (kind === 'uniform') return share * 2 - 1;
    if (kind === 'ties') return Math.floor(share * 5) - 2;
    if (kind === 'negative') return -share - 0.5;
    const [row, col] = [Math.floor(at / cols), at % cols];
    if (kind === 'dead' && (row % 5 === 4 || col % 7 === 6)) return 0;
    return (share - 0.5) / 2 + (col === (7 * row + 3) % cols ? 0.5 : 0);
  });
}

describe('linearAssignment against scipy', () => {
  test.each(reference.cases as Case[])('$name', (wanted) => {
    const { rows, cols } = wanted;
    const score = build(wanted);
    expect(score.reduce((sum, x) => sum + x, 0)).toBe(wanted.cellSum);
    const { partner, total } = linearAssignment(score, rows, cols);
    expectClose([total], [wanted.total], tolerance);
    expect([...partner].filter((col) => col >= 0).length).toBe(Math.min(rows, cols));
    if (!wanted.unique) return; // several assignments reach the total; which one is the solver's choice
    const pairs = wanted.matchRows.map((row) => partner[row]);
    expect(pairs).toEqual(wanted.matchColumns);
  });
});
