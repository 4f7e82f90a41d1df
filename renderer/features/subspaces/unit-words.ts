import { formatCorrelation, formatPercent, formatValue } from '../../ui/format.ts';
import type { SpaceState } from './space-state.svelte.ts';

/** What is said of a unit: its name, then what is known of it. */
export function unitWords(view: SpaceState, row: number): { title: string; facts: string[] } | null {
  const { space, cut, built } = view;
  if (!space || row < 0 || row >= space.count) return null;
  const name = (at: number) => `${view.nameOf(at)} unit ${space.unit[at]}`;
  const facts: string[] = [];
  const partner = space.partner[row];
  if (partner >= 0) facts.push(`r ${formatCorrelation(space.matchR[row])} with ${name(partner)}`);
  else facts.push('no match');
  if (cut && cut.labels[row] >= 0) facts.push(`cluster ${cut.labels[row] + 1} of ${cut.k}`);
  const shared = space.convergence?.[row];
  if (shared !== undefined && Number.isFinite(shared))
    facts.push(`found in ${formatPercent(shared)} of the other networks`);
  if (space.mean) facts.push(`mean activation ${formatValue(space.mean[row])}`);
  if (built && view.isPairFrame) {
    // A move on the screen may not change what is said: the places are the scene's own.
    const [x, y, z] = built.scene.marks.positions.subarray(3 * row, 3 * row + 3);
    facts.push(`${formatPercent(Math.min(1, x * x + y * y + z * z))} of its variance along these three`);
  }
  return { title: name(row), facts };
}
