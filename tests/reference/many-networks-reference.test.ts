import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { correlationFromMoments } from '#core/numeric/correlation/correlation-from-moments.ts';
import { convergence } from '#core/numeric/many-networks/convergence.ts';
import { cycleConsistency } from '#core/numeric/many-networks/cycle-consistency.ts';
import { layerMap } from '#core/numeric/many-networks/layer-map.ts';
import { matchAllPairs } from '#core/numeric/many-networks/pair-matchings.ts';
import { expectClose, type Tolerance } from '../unit/core/close.ts';
import { momentsOfRows } from '../unit/certainty/planted.ts';

/** numpy's and scipy's values; generate_many_networks_reference.py says how they are made. */
const reference = JSON.parse(readFileSync(new URL('many-networks-reference.json', import.meta.url), 'utf8'));

const close: Tolerance = { rtol: 0, atol: 1e-13, reason: '50 samples summed in another order' };

const sizes = reference.sizes as number[];
const starts = sizes.map((_, k) => sizes.slice(0, k).reduce((sum, size) => sum + size, 0));
const units = sizes.reduce((sum, size) => sum + size, 0);
const moments = momentsOfRows(Float64Array.from(reference.data), units);
const dead = Uint8Array.from({ length: units }, (_, unit) => (unit === starts[2] + 3 ? 1 : 0));
const deadOf = sizes.map((size, k) => dead.slice(starts[k], starts[k] + size));

const pairs = matchAllPairs(sizes, (i, j) => {
  const block = { rowStart: starts[i], rowCount: sizes[i], colStart: starts[j], colCount: sizes[j] };
  return correlationFromMoments(moments, block, dead);
});

test('mean match of every pair', () => {
  expectClose(
    pairs.map(({ mean }) => mean),
    reference.means,
    close,
  );
});

test('networks that hold each unit', () => {
  const { held } = convergence(
    pairs,
    deadOf,
    (pair, row) => pairs[pair].forwardValue[row] >= reference.threshold,
  );
  expect(held.flatMap((counts) => [...counts])).toEqual(reference.held);
});

test('cycles', () => {
  const found = cycleConsistency(pairs, deadOf);
  expect([found.triples, found.completed]).toEqual([4, reference.completed]);
  expectClose([found.share, found.chance], [reference.share, reference.chance], close);
});

test('layer maps', () => {
  const spans = (list: number[][], offset: number) =>
    list.map(([start, count]) => ({ start: offset + start, count }));
  const [a, b] = [spans(reference.layersA, 0), spans(reference.layersB, starts[1])];
  expectClose(layerMap(moments, dead, a, b, 'cka'), reference.cka, close);
  expectClose(layerMap(moments, dead, a, b, 'matching'), reference.matching, close);
  const back = layerMap(moments, dead, b, a, 'cka');
  expectClose([back[0], back[2], back[1], back[3]], reference.cka, close);
});
