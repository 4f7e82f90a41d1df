import type { ProjectRun } from '#core/domain/project.ts';
import { lettersOf } from '#core/figure/layout/page-grid.ts';
import type { PageSpec, PanelKind } from '#core/figure/spec.ts';

/** The run that a page shows: named whole or by its beginning; the newest where none is named. */
export function runOf(runs: readonly ProjectRun[], named: string | undefined): ProjectRun | undefined {
  return named === undefined ? runs[0] : runs.find(({ id }) => id.startsWith(named));
}

/** The pairs of networks that a run compares, in its order. */
export function pairsOf(run: ProjectRun | undefined): { a: string; b: string }[] {
  const place = (name: string) => run?.networks.findIndex((network) => network.name === name) ?? 0;
  const pairs = new Map(
    (run?.results ?? [])
      .filter(({ params, a, b }) => !Array.isArray(params.networks) && a.network !== b.network)
      .map(({ a, b }) => [`${a.network}\n${b.network}`, { a: a.network, b: b.network }]),
  );
  return [...pairs.values()].sort((x, y) => place(x.a) - place(y.a) || place(x.b) - place(y.b));
}

export const pairKey = (a: string | undefined, b: string | undefined): string =>
  a === undefined && b === undefined ? '' : `${a ?? '?'} – ${b ?? '?'}`;

/** "a", or "a–d" of a panel of four lettered parts; its number where it has no letter. */
export function panelNames(page: PageSpec): string[] {
  return lettersOf(page).map((letters, at) => {
    const shown = letters.filter((letter) => letter !== '');
    if (shown.length === 0) return String(at + 1);
    return shown.length === 1 ? shown[0] : `${shown[0]}–${shown[shown.length - 1]}`;
  });
}

/** `mapping-curve` as "Mapping curve": until main has told its label. */
export function kindWords(kind: PanelKind): string {
  const text = kind.replaceAll('-', ' ');
  return text[0].toUpperCase() + text.slice(1);
}
