import type { Choice, UnitPair } from '../../app/choice.svelte.ts';

/** What a key asks for: the unit after (1), before (-1), or nothing (0). */
export function stepKey(event: KeyboardEvent): 1 | -1 | 0 {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return 0;
  if (event.key === 'ArrowRight' || event.key === 'ArrowDown') return 1;
  if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') return -1;
  return 0;
}

/** The neighbour of the pair's unit of A, or of its unit of B where A has none; null at either end. */
export function stepFrom(
  { unitA, unitB }: UnitPair,
  by: 1 | -1,
  { a, b, layerFacts }: Pick<Choice, 'a' | 'b' | 'layerFacts'>,
): { network: string; unit: number } | null {
  const [network, unit] = unitA >= 0 ? [a, unitA + by] : [b, unitB + by];
  const count = layerFacts?.units[network] ?? 0;
  return unit >= 0 && unit < count ? { network, unit } : null;
}
