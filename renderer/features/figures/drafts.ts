import type { ProjectSummary } from '#core/domain/project.ts';
import type { FigureText } from './page-history.svelte.ts';
import { checked } from './page-edits.ts';

/** A figure with changes that are not saved in its project. */
export interface Draft extends FigureText {
  /** The figure of the project that it changes; null for a new one. */
  savedId: string | null;
}

const key = 'consilience.figure-drafts';
const mostProjects = 30;

/** A name for the project that stays when it is closed: the window knows no path. */
export function draftPlace({ fileName, runs }: ProjectSummary): string {
  return `${fileName} ${runs.at(-1)?.id ?? ''}`;
}

function readAll(): Record<string, unknown> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return stored !== null && typeof stored === 'object' ? (stored as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Drafts that were left in this project; what this version cannot read is passed over. */
export function readDrafts(place: string): Draft[] {
  const stored = readAll()[place];
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((draft: unknown) => {
    const { name, page, savedId } = (draft ?? {}) as Record<string, unknown>;
    const edited = checked(page);
    if (!edited.ok || typeof name !== 'string') return [];
    return [{ name, page: edited.page, savedId: typeof savedId === 'string' ? savedId : null }];
  });
}

/** Keeps them over the end of the window; false where there is no room for them. */
export function keepDrafts(place: string, drafts: readonly Draft[]): boolean {
  const { [place]: _before, ...others } = readAll();
  const entries = Object.entries(others).slice(-(mostProjects - 1));
  if (drafts.length > 0) entries.push([place, drafts]);
  try {
    localStorage.setItem(key, JSON.stringify(Object.fromEntries(entries)));
    return true;
  } catch {
    return false;
  }
}
