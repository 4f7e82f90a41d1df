import { expect, it } from 'vitest';
import { channelOfUnit, placeOfSample, randomPositions } from '#core/domain/unit-place.ts';

const plane = { height: 3, width: 4 };

it('samples of every rule are at the position of the map that the rule takes', () => {
  expect(placeOfSample({ kind: 'position' }, 5, 9, 7, plane)).toBe(7);
  expect(placeOfSample({ kind: 'centre' }, 5, 9, 0, plane)).toBe(6);
  expect(placeOfSample({ kind: 'flatten' }, 29, 9, 0, plane)).toBe(5);
  expect(placeOfSample({ kind: 'image' }, 29, 9, 0, { height: 1, width: 1 })).toBe(0);
  expect(placeOfSample({ kind: 'image-max' }, 5, 9, 0, plane)).toBeNull();
  expect(placeOfSample({ kind: 'image-mean' }, 5, 9, 0, plane)).toBeNull();
  const rule = { kind: 'random', count: 4, seed: 3 } as const;
  const positions = randomPositions(rule, 9, 12);
  expect(positions.map((_, at) => placeOfSample(rule, 5, 9, at, plane))).toEqual(positions);
  expect(randomPositions(rule, 10, 12)).not.toEqual(positions);
  expect(randomPositions(rule, 9, 2)).toHaveLength(2);
});

it('a flattened unit is a position of a channel', () => {
  expect(channelOfUnit({ kind: 'flatten' }, 29, plane)).toBe(2);
  expect(channelOfUnit({ kind: 'position' }, 29, plane)).toBe(29);
});
