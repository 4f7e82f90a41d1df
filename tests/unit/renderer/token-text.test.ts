import { describe, expect, it } from 'vitest';
import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import { excerptOf, piecesOf, plainText } from '#renderer/features/inspector/token-text.ts';

const words = { 0: '[PAD]', 1: ' the', 2: ' cat', 3: 's', 4: '\n', 5: ' ', 6: '</s>', 7: ' <', 8: '\t' };

function inputs(ids: number[]): ShownInputs {
  return {
    ...{
      kind: 'text',
      images: Int32Array.of(0),
      rows: 1,
      cols: ids.length,
      depth: 1,
      low: 0,
      high: 9,
      words,
    },
    ...{ size: { channels: 1, height: 1, width: ids.length }, values: Float32Array.from(ids) },
  };
}
const written = (ids: number[], place = -1) => plainText(piecesOf(inputs(ids), 0, place));

describe('pieces of a text', () => {
  it('read as text: words joined, signs for what cannot be seen, numbers where there is no word', () => {
    expect(written([1, 2, 3, 4, 1, 8, 2])).toBe('the cats⏎ the⇥ cat');
    expect(written([1, 5, 2])).toBe('the ␣ cat');
    expect(written([1, 12345, 2])).toBe('the 12345 cat');
    expect(piecesOf(inputs([6, 0, 7, 2, 77]), 0, -1).map(({ kind }) => kind)).toEqual([
      ...['sign', 'sign', 'word', 'word', 'number'],
    ]);
  });

  it('write padding once, but never the token that is pointed at in it', () => {
    expect(written([1, 2, 0, 0, 0, 0, 0])).toBe('the cat[PAD] ×5');
    expect(written([1, 2, 0, 0, 0])).toBe('the cat[PAD][PAD][PAD]');
    const pieces = piecesOf(inputs([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 0, 4);
    expect(pieces.map(({ at, count }) => [at, count])).toEqual([
      [0, 4],
      [4, 1],
      [5, 5],
    ]);
  });
});

describe('an excerpt', () => {
  const long = piecesOf(inputs(Array.from({ length: 400 }, (_, at) => 1 + (at % 2))), 0, 200);
  const lettersOf = ({ from, to }: { from: number; to: number }) => plainText(long.slice(from, to)).length;

  it('holds its token, takes no more letters than there is room, and two tokens before for one after', () => {
    for (const place of [0, 1, 200, 398, 399]) {
      const span = excerptOf(long, place, 48);
      expect(place).toBeGreaterThanOrEqual(span.from);
      expect(place).toBeLessThan(span.to);
      expect(lettersOf(span)).toBeGreaterThan(42);
      expect(lettersOf(span)).toBeLessThanOrEqual(48);
    }
    const { from, to } = excerptOf(long, 200, 48);
    expect(200 - from).toBeGreaterThan(to - 201);
  });

  it('is all of a short text, and the start of one without a place', () => {
    expect(excerptOf(piecesOf(inputs([1, 2, 3]), 0, 1), 1, 100)).toEqual({ from: 0, to: 3 });
    expect(excerptOf(long, -1, 20).from).toBe(0);
    expect(excerptOf(long, 7, 0)).toEqual({ from: 7, to: 8 });
    expect(excerptOf([], -1, 20)).toEqual({ from: 0, to: 0 });
  });

  it('stops at 600 tokens', () => {
    const endless = piecesOf(inputs(Array.from({ length: 5000 }, (_, at) => 1 + (at % 2))), 0, 2500);
    const { from, to } = excerptOf(endless, 2500, Infinity);
    expect(to - from).toBeLessThanOrEqual(602);
  });
});
