import type { Session } from '../../app/session.svelte.ts';
import type { LookMode } from './input-drawing.ts';

/** How inputs are shown: one choice for the inspector and for the best and worst pairs, undone with it. */
export function lookOptions(session: Session): { look: LookMode } {
  return session.options.of('best-and-worst', { look: 'crop' });
}
