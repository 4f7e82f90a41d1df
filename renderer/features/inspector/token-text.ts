import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import { valuesOf } from './input-line.ts';

/** A token, or a run of equal ones, as it is written. */
export interface TextPiece {
  /** Place of the first in the sequence, and how many equal ones follow. */
  at: number;
  count: number;
  /** Without the space before it. */
  text: string;
  hasSpace: boolean;
  /** `number`: the vocabulary has no such id. `sign`: of the tokenizer itself, such as [PAD]. */
  kind: 'word' | 'number' | 'sign';
}

/** Equal tokens from this many on are written once: padding. */
const fewestInRun = 4;
/** Tokens that are written of one input at most: more are no text to look at. */
const mostTokens = 600;

/** The tokens of one input in reading order; the one at `place` is never part of a run. */
export function piecesOf(inputs: ShownInputs, slot: number, place: number): TextPiece[] {
  const ids = valuesOf(inputs, slot);
  const pieces: TextPiece[] = [];
  for (let at = 0; at < ids.length;) {
    let end = at + 1;
    while (at !== place && end < ids.length && end !== place && ids[end] === ids[at]) end++;
    const run = end - at >= fewestInRun ? end - at : 1;
    pieces.push({ ...writtenAs(ids[at], inputs.words?.[ids[at]]), at, count: run });
    at += run;
  }
  return pieces;
}

function writtenAs(id: number, word: string | undefined): Pick<TextPiece, 'text' | 'hasSpace' | 'kind'> {
  if (word === undefined) return { text: String(id), hasSpace: true, kind: 'number' };
  const bare = word.startsWith(' ') ? word.slice(1) : word;
  const kind = /^(<[^<>\s].*>|\[[A-Z].*\])$/.test(bare) ? 'sign' : 'word';
  return { text: visible(bare), hasSpace: bare !== word, kind };
}

/** Characters that cannot be seen as signs that can. */
function visible(text: string): string {
  if (text === '') return '␣';
  return text.replaceAll('\r', '').replaceAll('\n', '⏎').replaceAll('\t', '⇥').replace(/^ +$/, '␣');
}

/** Letters that a piece takes in a line. */
function lengthOf({ text, hasSpace, count }: TextPiece): number {
  return text.length + (hasSpace ? 1 : 0) + (count > 1 ? 5 : 0);
}

/**
 * The part of the text around a place that takes at most so many letters, more of it before the place than after where
 * the text allows; from the start where there is no place (-1).
 */
export function excerptOf(
  pieces: readonly TextPiece[],
  place: number,
  letters: number,
): { from: number; to: number } {
  const middle = Math.max(
    0,
    pieces.findIndex(({ at, count }) => place >= at && place < at + count),
  );
  let [from, to] = [middle, Math.min(pieces.length, middle + 1)];
  let room = letters - (pieces[middle] ? lengthOf(pieces[middle]) : 0);
  for (let isOpen = true; isOpen && to - from < mostTokens;) {
    isOpen = false;
    for (const side of ['before', 'before', 'after'] as const) {
      const next = side === 'before' ? pieces[from - 1] : pieces[to];
      if (!next || lengthOf(next) > room) continue;
      room -= lengthOf(next);
      if (side === 'before') from--;
      else to++;
      isOpen = true;
    }
  }
  return { from, to };
}

/** As one line of plain text. */
export function plainText(pieces: readonly TextPiece[]): string {
  return pieces
    .map(({ text, hasSpace, count }) => `${hasSpace ? ' ' : ''}${text}${count > 1 ? ` ×${count}` : ''}`)
    .join('')
    .trim();
}
