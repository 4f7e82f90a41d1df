import { expect, it } from 'vitest';
import { listInWords, nearestNames } from '#core/text/nearest-names.ts';

it('counts insertions, deletions and substitutions alike', () => {
  expect(nearestNames('sitting', ['knitting!!', 'kitten', 'mitten'], 3)).toEqual([
    'kitten',
    'mitten',
    'knitting!!',
  ]);
  expect(nearestNames('relu1', ['relu', 'rel1', 'relu12', 'xyzzy'], 4).at(-1)).toBe('xyzzy');
});

it('offers the nearest names first, those that contain the wish before others, ties in their order', () => {
  const names = ['/Relu_output_0', '/Relu_1_output_0', '/conv/Conv_output_0', 'logits'];
  expect(nearestNames('/relu_outptu_0', names)[0]).toBe('/Relu_output_0');
  expect(nearestNames('conv', names, 1)).toEqual(['/conv/Conv_output_0']);
  expect(nearestNames('x', ['b', 'a'], 5)).toEqual(['b', 'a']);
  expect(nearestNames('x', [])).toEqual([]);
});

it('lists names in words', () => {
  expect([
    listInWords([]),
    listInWords(['a']),
    listInWords(['a', 'b']),
    listInWords(['a', 'b', 'c'], 'and'),
  ]).toEqual(['', 'a', 'a or b', 'a, b and c']);
});
