import type { Choice } from '../../app/choice.svelte.ts';
import { formatCorrelation } from '../../ui/format.ts';
import type { SentencePart } from '../../ui/sentence.ts';
import type { ExtremePairs } from './extreme-pairs.ts';

/** Between what the matches of a layer lie. */
export function extremesFinding(
  { a, b, layer }: Pick<Choice, 'a' | 'b' | 'layer'>,
  extremes: Pick<ExtremePairs, 'best' | 'worst' | 'matched'> | null,
): SentencePart[] {
  if (!extremes || extremes.matched === 0) return [`${a} and ${b} at ${layer}: no matched pairs.`];
  const first = extremes.best[0].r;
  const last = (extremes.worst.at(-1) ?? extremes.best[extremes.best.length - 1]).r;
  return [
    `The ${extremes.matched} `,
    { term: 'match', label: 'one-to-one matches' },
    ` of ${layer} reach from `,
    { term: 'correlation', label: 'r' },
    ` ${formatCorrelation(first)} down to ${formatCorrelation(last)}; these are the inputs that excite both units most.`,
  ];
}
