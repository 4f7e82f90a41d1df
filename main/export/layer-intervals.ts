import type { ProjectRun } from '#core/domain/project.ts';
import type { ScoreKind } from '#core/domain/recipe.ts';
import { headlineNumber, type NamedArray, type ResultEntry } from '#core/domain/result.ts';
import type { LayerInterval, LayerMeansData } from '#core/figure/data.ts';
import { percentileInterval } from '#core/numeric/certainty/percentile.ts';

type ReadArray = (resultId: string, name: string) => Promise<NamedArray>;

export interface LayerIntervals {
  bootstrap?: LayerMeansData['bootstrap'];
  intervals: Record<string, LayerInterval>;
}

/**
 * Bootstrap intervals of the means over all pairs of networks, layer by layer. The certainty of every pair resamples
 * the same groups of images by the same seed, so that its k-th resample is the same images for every pair: the mean
 * over pairs of the k-th values is the k-th value of the mean. Layers where a matched pair has no such resamples, or
 * others, have no interval; nor has a score that certainty does not resample.
 */
export async function layerIntervals(
  run: ProjectRun,
  score: ScoreKind,
  read: ReadArray,
): Promise<LayerIntervals> {
  const intervals: Record<string, LayerInterval> = {};
  if (score !== 'correlation') return { intervals };
  let bootstrap: LayerIntervals['bootstrap'];
  for (const { name } of run.layers) {
    const pairs = certaintiesOf(run, name);
    if (!pairs) continue;
    const level = headlineNumber(pairs[0].headline, 'level') ?? 0.95;
    const ends = async (array: string) => percentileInterval(await meanOf(pairs, array, read), level);
    intervals[name] = {
      semi: await ends('bootstrap-semi-mean'),
      match: await ends('bootstrap-match-mean'),
    };
    bootstrap = { level, resamples: headlineNumber(pairs[0].headline, 'resamples') ?? 0 };
  }
  return { intervals, ...(bootstrap ? { bootstrap } : {}) };
}

/** The results that intervals are read from, over all layers of the run. */
export function certaintyResults(run: ProjectRun): ResultEntry[] {
  const first = run.results.find(({ analysis }) => analysis === 'matching');
  if (first?.params.score !== 'correlation') return [];
  return run.layers.flatMap(({ name }) => certaintiesOf(run, name) ?? []);
}

/** The certainty of every matched pair at the layer, where all were resampled alike; null otherwise. */
function certaintiesOf(run: ProjectRun, layer: string): ResultEntry[] | null {
  const at = (analysis: string) =>
    run.results.filter((result) => result.analysis === analysis && result.a.layer === layer);
  const sure = at('certainty');
  const found = at('matching').map(({ a, b }) =>
    sure.find((result) => result.a.network === a.network && result.b.network === b.network),
  );
  const alike = ({ headline, params }: ResultEntry) =>
    JSON.stringify([headline.resamples, headline.level, headline.blocks, headline.images, params.seed]);
  const whole = found.filter((result) => result !== undefined);
  const isComplete = whole.length > 0 && whole.length === found.length;
  const isAlike = isComplete && new Set(whole.map(alike)).size === 1;
  return isAlike && headlineNumber(whole[0].headline, 'resamples') !== undefined ? whole : null;
}

async function meanOf(pairs: readonly ResultEntry[], array: string, read: ReadArray): Promise<Float64Array> {
  const lists = await Promise.all(pairs.map(({ id }) => read(id, array)));
  return Float64Array.from(lists[0].data, (_, at) =>
    lists.reduce((sum, { data }) => sum + data[at] / lists.length, 0),
  );
}
