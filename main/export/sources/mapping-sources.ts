import { AppError } from '#core/errors.ts';
import type { ResultEntry } from '#core/domain/result.ts';
import type {
  MappingCurveData,
  MappingPoint,
  MappingTargetData,
  MappingWeightsData,
} from '#core/figure/panels/panel-data.ts';
import { unboundedRange } from '#core/figure/layout/heatmap.ts';
import type { ValueRange } from '#core/figure/spec.ts';
import { storedTopInputs } from './matched-units-source.ts';
import { headlineOf, type PairPlace, type RunSource } from './run-source.ts';

/** A mapping is called sparse with at most this many sources in the median. */
const fewSources = 8;

function pointsOf(mapping: ResultEntry): Record<string, number>[] {
  return mapping.headline.points as Record<string, number>[];
}

export async function mappingCurveData(
  source: RunSource,
  _options: unknown,
  place: PairPlace,
): Promise<MappingCurveData> {
  const mapping = source.result('sparse-mapping', place);
  const points = pointsOf(mapping).map(
    ({ alpha, sourcesMean, loss, heldOutLoss, randomSourcesLoss }): MappingPoint => ({
      alpha,
      sourcesMean,
      loss,
      heldOutLoss,
      randomSourcesLoss,
    }),
  );
  return {
    ...(await source.pair(mapping, place)),
    points: points.sort((x, y) => y.sourcesMean - x.sourcesMean),
    leastSquaresLoss: headlineOf(mapping, 'leastSquaresLoss'),
    bestSingleLoss: headlineOf(mapping, 'bestSingleLoss'),
  };
}

/** Which stored penalty is shown: the one asked for, else the smallest that still leaves few sources. */
function pointFor(
  mapping: ResultEntry,
  alpha: number | undefined,
): { at: number; alpha: number; sourcesMedian: number } {
  const points = pointsOf(mapping).map((point, at) => ({
    at,
    alpha: point.alpha,
    sourcesMedian: point.sourcesMedian,
  }));
  if (alpha !== undefined) {
    const found = points.find((point) => point.alpha === alpha);
    if (found) return found;
    throw new AppError(
      'bad-request',
      `The sparse mapping has no penalty alpha ${alpha}; it has ${points.map((point) => point.alpha).join(', ')}.`,
    );
  }
  const few = points.filter(({ sourcesMedian }) => sourcesMedian <= fewSources);
  const byAlpha = (few.length > 0 ? few : points).sort((x, y) => x.alpha - y.alpha);
  const chosen = few.length > 0 ? byAlpha[0] : byAlpha.at(-1);
  if (!chosen) throw new AppError('bad-project', 'The sparse mapping holds no penalty.');
  return chosen;
}

const weightsName = (alpha: number): string => `weights-${alpha}`;

export async function mappingWeightsData(
  source: RunSource,
  options: { alpha?: number; colours: 'diverging' | 'paper-grey'; range?: ValueRange },
  place: PairPlace,
): Promise<MappingWeightsData> {
  const mapping = source.result('sparse-mapping', place);
  const { alpha, sourcesMedian } = pointFor(mapping, options.alpha);
  return {
    ...(await source.pair(mapping, place)),
    alpha,
    sourcesMedian,
    weights: await source.matrix(mapping, weightsName(alpha), (stats) => unboundedRange(options, stats)),
  };
}

export async function mappingTargetData(
  source: RunSource,
  options: { alpha?: number; unit?: number; count: number; inputs: number },
  place: PairPlace,
): Promise<MappingTargetData> {
  const mapping = source.result('sparse-mapping', place);
  const correlation = source.result('correlation', place);
  const { at, alpha } = pointFor(mapping, options.alpha);
  const weights = await source.matrix(mapping, weightsName(alpha));
  const between = await source.matrix(correlation, 'between');
  const [loss, single, least] = [
    await source.vector(mapping, 'loss'),
    await source.vector(mapping, 'best-single'),
    await source.vector(mapping, 'least-squares-loss'),
  ];
  const targets = weights.rows;
  const lossOf = (unit: number): number => loss[at * targets + unit];
  const unit = options.unit ?? mostGained(targets, (target) => single[target] - lossOf(target));
  if (unit >= targets) {
    throw new AppError(
      'bad-request',
      `${place.b} has ${targets} units at ${place.layer}; there is no unit ${unit}.`,
    );
  }
  const sources = Array.from({ length: weights.cols }, (_, from) => ({
    unit: from,
    weight: weights.values[unit * weights.cols + from],
    correlation: between.values[from * between.cols + unit],
  })).filter(({ weight }) => weight !== 0);
  sources.sort((x, y) => Math.abs(y.weight) - Math.abs(x.weight) || x.unit - y.unit);
  if (sources.length === 0) {
    throw new AppError(
      'bad-request',
      `Unit ${unit} of ${place.b} has no source at alpha ${alpha}; give a smaller alpha.`,
    );
  }
  const inputsOf = options.inputs > 0 ? await storedTopInputs(source, place, options.inputs) : undefined;
  return {
    ...(await source.pair(mapping, place)),
    alpha,
    unit,
    sources: sources.map((one, at) =>
      inputsOf && at < options.count ? { ...one, inputs: inputsOf(place.a, one.unit) } : one,
    ),
    ...(inputsOf ? { inputs: inputsOf(place.b, unit) } : {}),
    loss: lossOf(unit),
    bestSingleLoss: single[unit],
    leastSquaresLoss: least[unit],
  };
}

function mostGained(count: number, gain: (unit: number) => number): number {
  let best = 0;
  for (let unit = 1; unit < count; unit++)
    if (gain(unit) > gain(best) || Number.isNaN(gain(best))) best = unit;
  return best;
}
