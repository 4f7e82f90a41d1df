import { correlationResults, keptMatrices } from '../features/correlation/pair-matrices.ts';
import { keptPairs, matchResults } from '../features/match/read-pairs.ts';
import type { Session } from './session.svelte.ts';

/** How long a choice has to stand before what the next views need is read. */
const restMs = 600;

/** Reads what Match and Correlation show of the chosen pair and layer, so that they open at once. Returns how to stop. */
export function readAhead(session: Session): () => void {
  // While a dialog is open a person is busy with something else.
  if (session.panel !== null) return () => undefined;
  const [matches, matrices] = [matchResults(session.choice), correlationResults(session.choice)];
  const timer = setTimeout(() => {
    if (matches) void keptPairs(session, matches);
    if (matrices) void keptMatrices(session, matrices);
  }, restMs);
  return () => clearTimeout(timer);
}
