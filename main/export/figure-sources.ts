import type { FigureSources, PanelSources, StoredFigure } from '#core/domain/figure.ts';
import type { ProjectRun, ProjectSummary } from '#core/domain/project.ts';
import { lettersOf } from '#core/figure/layout/page-grid.ts';
import type { PageSpec, PanelSpec } from '#core/figure/spec.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { kindsOfCapture, panelResults, problemOf } from './panel-results.ts';
import { RunSource } from './sources/run-source.ts';

/** The project as many figures ask it, read once. */
export interface ProjectView {
  database: DatabaseMethods;
  runs: ProjectRun[];
}

export async function viewProject(database: DatabaseMethods): Promise<ProjectView> {
  const summary: ProjectSummary = await database.summary();
  return { database: { ...database, summary: () => Promise.resolve(summary) }, runs: summary.runs };
}

/** What a page would be drawn from now, or from another run than its own. No array is read. */
export async function sourcesOf(
  { database, runs }: ProjectView,
  page: PageSpec,
  runId = page.source.run,
): Promise<FigureSources> {
  const newestRun = runs.at(0)?.id ?? null;
  try {
    const source = await RunSource.open(database, runId);
    const capture = await captureOf(database, source.run.id, page);
    const panels = page.panels.map((panel) => sourcesOfPanel(source, page, panel, capture));
    return { run: source.run.id, newestRun, panels };
  } catch (error) {
    const problem = problemOf(error);
    const panels = page.panels.map(({ kind }) => ({ kind, results: [], capture: null, problem }));
    return { run: null, newestRun, panels };
  }
}

async function captureOf(database: DatabaseMethods, runId: string, page: PageSpec): Promise<string | null> {
  const isShown = page.panels.some(({ kind }) => kindsOfCapture.includes(kind));
  return isShown ? database.captureOfRun(runId) : null;
}

function sourcesOfPanel(
  source: RunSource,
  page: PageSpec,
  panel: PanelSpec,
  capture: string | null,
): PanelSources {
  const { kind } = panel;
  try {
    const results = panelResults(source, panel, source.placeOf(panel, page.source));
    return {
      kind,
      results: results.map(({ id, analysis }) => ({ id, analysis })),
      capture: kindsOfCapture.includes(kind) ? capture : null,
      problem: null,
    };
  } catch (error) {
    return { kind, results: [], capture: null, problem: problemOf(error) };
  }
}

/** How far a figure is behind the project. */
export interface Staleness {
  /** Which panel and what changed; null for a figure that drawing would not change. */
  reason: string | null;
  /** The run that took the place of the one the page names. */
  successor: string | null;
}

/**
 * Compares what a figure was drawn from with what it would be drawn from now. A page that names a run is also behind
 * when the same question was asked again since: a later run of the same title and networks, with other results.
 */
export async function stalenessOf(
  view: ProjectView,
  { page, sources }: Pick<StoredFigure, 'page' | 'sources'>,
): Promise<Staleness> {
  const now = await sourcesOf(view, page);
  const place = page.source.run === undefined ? 'the newest run' : 'the run';
  const reason = firstChange(page, sources, now, place);
  if (reason !== null) return { reason, successor: null };
  const later = page.source.run === undefined ? undefined : laterRun(view.runs, sources);
  if (!later) return { reason: null, successor: null };
  const there = await sourcesOf(view, page, later.id);
  const isDrawable = there.panels.every(({ problem }) => problem === null);
  const changed = isDrawable ? firstChange(page, sources, there, `a later run of "${later.title}"`) : null;
  return { reason: changed, successor: changed === null ? null : later.id };
}

/** The newest run that asks the same as the figure's, made since it was saved. */
function laterRun(runs: readonly ProjectRun[], { run, newestRun }: FigureSources): ProjectRun | undefined {
  const own = runs.find(({ id }) => id === run);
  const known = runs.findIndex(({ id }) => id === newestRun);
  if (!own) return undefined;
  const networks = (one: ProjectRun) => one.networks.map(({ name }) => name).join('\n');
  const since = runs.slice(0, Math.max(known, 0));
  return since.find((one) => one.title === own.title && networks(one) === networks(own));
}

function firstChange(
  page: PageSpec,
  before: FigureSources,
  now: FigureSources,
  place: string,
): string | null {
  const letters = lettersOf(page);
  for (const [at, panel] of now.panels.entries()) {
    const name = page.panels.length === 1 ? 'The figure' : `Panel ${letters[at][0] || at + 1}`;
    const was = before.panels.at(at);
    const changed = was ? change(name, was, panel, place) : `${name} has no note of its results.`;
    if (changed !== null) return changed;
  }
  return null;
}

const short = (id: string): string => `${id.slice(0, 8)}…`;

function change(name: string, was: PanelSources, is: PanelSources, place: string): string | null {
  if (is.problem !== null)
    return was.problem === null ? `${name} cannot be drawn any more: ${is.problem}` : null;
  if (was.problem !== null) return `${name} had nothing to show; ${place} has its results now.`;
  const gone = was.results.filter(({ id }) => !is.results.some((one) => one.id === id));
  const fresh = is.results.filter(({ id }) => !was.results.some((one) => one.id === id));
  if (gone.length > 0) {
    const [{ analysis, id }] = gone;
    const newer = fresh.find((one) => one.analysis === analysis);
    const more = gone.length > 1 ? ` (and ${gone.length - 1} more)` : '';
    const drawn = `${name} was drawn from ${analysis} ${short(id)}${more}`;
    return newer
      ? `${drawn}; ${place} now has a newer one, ${short(newer.id)}.`
      : `${drawn}, which ${place} does not have any more.`;
  }
  if (fresh.length > 0) {
    const [{ analysis, id }] = fresh;
    return `${name} was drawn without ${analysis} ${short(id)}, which ${place} has now.`;
  }
  if (was.capture !== is.capture) {
    return `${name} was drawn from the statistics of another pass over the data than ${place} has now.`;
  }
  return null;
}
