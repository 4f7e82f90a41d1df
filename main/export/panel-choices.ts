import type { ResultEntry } from '#core/domain/result.ts';
import { panelHints } from '#core/figure/panel-hints.ts';
import { panelLabel } from '#core/figure/panels/registry.ts';
import { pageSpecSchema, panelKindNames, type PanelKind } from '#core/figure/spec.ts';
import type { PanelChoice } from '#core/ipc/areas/figure.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { panelResults, problemOf } from './panel-results.ts';
import { RunSource, type PairPlace } from './sources/run-source.ts';

/** Arrays without which a stored result has nothing for a panel, and what to do about it. */
const neededArrays: Partial<Record<PanelKind, { isIt(name: string): boolean; whyNot: string }>> = {
  'cluster-averages': {
    isIt: (name) => name.startsWith('average-input-'),
    whyNot:
      'No average inputs are stored with these clusters: the data are no pictures, or the run is older.',
  },
  'shared-space': {
    isIt: (name) => name === 'shared-a',
    whyNot: 'These subspaces were computed without shared-dimensions; add it to the recipe and run again.',
  },
  'canonical-correlations': {
    isIt: (name) => name === 'cca-rho',
    whyNot: 'These subspaces were computed without cca; add it to the recipe and run again.',
  },
};

const noPictures =
  'The top inputs of this layer are not stored as pictures: the data are no pictures, saved activations were compared without any, or the run is older. Run the recipe again, with data.';

/** Captures of older runs, and of data that are no pictures, have none. */
function hasPictures({ summary }: Awaited<ReturnType<RunSource['capture']>>, layer: string): boolean {
  const captured = summary.layers.find(({ name }) => name === layer);
  return (captured as { topInputs?: unknown } | undefined)?.topInputs !== undefined;
}

/** Every kind of panel, and whether the run has what it shows for this pair and layer. */
export async function panelChoices(
  database: DatabaseMethods,
  runId: string,
  wish: Partial<PairPlace>,
): Promise<PanelChoice[]> {
  const source = await RunSource.open(database, runId);
  const place = source.placeOf(wish);
  const choices: PanelChoice[] = [];
  for (const kind of panelKindNames) {
    const whyNot = await reasonAgainst(source, kind, place);
    choices.push({
      kind,
      label: panelLabel(kind),
      hint: panelHints[kind],
      isAvailable: whyNot === null,
      whyNot,
    });
  }
  return choices;
}

async function reasonAgainst(source: RunSource, kind: PanelKind, place: PairPlace): Promise<string | null> {
  let results: ResultEntry[];
  try {
    const page = pageSpecSchema.parse({ version: 1, kind: 'page', preset: 'thesis', panels: [{ kind }] });
    results = panelResults(source, page.panels[0], place);
  } catch (error) {
    return problemOf(error);
  }
  if (kind === 'matched-units') return hasPictures(await source.capture(), place.layer) ? null : noPictures;
  const needed = neededArrays[kind];
  if (!needed) return null;
  const names = await source.arrayNames(results[0]);
  return names.some((name) => needed.isIt(name)) ? null : needed.whyNot;
}
