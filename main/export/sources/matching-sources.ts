import { headlineNumber, type ResultEntry } from '#core/domain/result.ts';
import type { CorrelationQuadData, LayerMeansData, MatchingCurvesData } from '#core/figure/data.ts';
import type { InformationScatterData, MatchCertaintyData } from '#core/figure/panels/panel-data.ts';
import type { ScoreKind } from '#core/domain/recipe.ts';
import type { CorrelationQuadOptions, ValueRange } from '#core/figure/spec.ts';
import { layerIntervals } from '../layer-intervals.ts';
import { orderOf } from './unit-order-source.ts';
import { headlineOf, type PairPlace, type RunSource } from './run-source.ts';

const scoreOf = (result: ResultEntry): ScoreKind => result.params.score as ScoreKind;

export async function correlationQuadData(
  source: RunSource,
  options: CorrelationQuadOptions,
  place: PairPlace,
): Promise<CorrelationQuadData> {
  const correlation = source.result('correlation', place);
  const matching = source.result('matching', place);
  const rangeFor = (stats: ValueRange): ValueRange =>
    options.range ?? (options.colours === 'diverging' ? { min: -1, max: 1 } : stats);
  const order = options.order === 'unit' ? null : await orderOf(source, options.order, place);
  return {
    ...source.sides(place),
    withinA: await source.matrix(correlation, 'within-a', rangeFor),
    withinB: await source.matrix(correlation, 'within-b', rangeFor),
    between: await source.matrix(correlation, 'between', rangeFor),
    ...(order ?? { orderB: await source.vector(matching, 'order-b') }),
    sampling: await source.sampling(place.layer, correlation),
  };
}

export async function matchingCurvesData(
  source: RunSource,
  options: { score?: 'correlation' | 'mutual-information' },
  place: PairPlace,
): Promise<MatchingCurvesData> {
  const isInformation = options.score === 'mutual-information';
  const matching = source.result(isInformation ? 'mutual-information' : 'matching', place);
  const partner = await source.vector(matching, 'match');
  const value = await source.vector(matching, 'match-value');
  return {
    ...source.sides(place),
    score: isInformation ? 'mutual-information' : scoreOf(matching),
    semi: await source.vector(matching, 'semi-value'),
    match: Float64Array.from(value, (entry, unit) => (partner[unit] < 0 ? Number.NaN : entry)),
    semiMean: headlineOf(matching, 'semiMean'),
    matchMean: headlineOf(matching, 'matchMean'),
    agreement: headlineOf(matching, 'agreement'),
    sampling: await source.sampling(place.layer, matching),
  };
}

export async function layerMeansData(source: RunSource): Promise<LayerMeansData> {
  const results = source.all('matching');
  const { bootstrap, intervals } = await layerIntervals(source.run, scoreOf(results[0]), source.array);
  const layers = source.run.layers.map(({ name }) => ({
    layer: name,
    pairs: results
      .filter((result) => result.a.layer === name)
      .map((result) => ({
        a: result.a.network,
        b: result.b.network,
        semiMean: headlineOf(result, 'semiMean'),
        matchMean: headlineOf(result, 'matchMean'),
      })),
    ...(intervals[name] ? { interval: intervals[name] } : {}),
  }));
  return {
    score: scoreOf(results[0]),
    layers: layers.filter((layer) => layer.pairs.length > 0),
    images: await source.images(),
    ...(bootstrap ? { bootstrap } : {}),
  };
}

export async function informationScatterData(
  source: RunSource,
  _options: unknown,
  place: PairPlace,
): Promise<InformationScatterData> {
  const matching = source.result('matching', place);
  const information = source.result('mutual-information', place);
  const [byCorrelation, byInformation] = [
    await source.vector(matching, 'match'),
    await source.vector(information, 'match'),
  ];
  const [correlations, nats] = [
    await source.vector(matching, 'match-value'),
    await source.vector(information, 'match-value'),
  ];
  const matched = Array.from(byCorrelation, (_, unit) => unit).filter(
    (unit) => byCorrelation[unit] >= 0 && byInformation[unit] >= 0,
  );
  return {
    ...(await source.pair(matching, place)),
    correlation: matched.map((unit) => correlations[unit]),
    information: matched.map((unit) => nats[unit]),
    isSame: matched.map((unit) => byCorrelation[unit] === byInformation[unit]),
    nullMean: headlineNumber(information.headline, 'nullMatchMean'),
  };
}

export async function matchCertaintyData(
  source: RunSource,
  _options: unknown,
  place: PairPlace,
): Promise<MatchCertaintyData> {
  const certainty = source.result('certainty', place);
  const matching = source.result('matching', place);
  const match = await source.vector(certainty, 'match');
  const value = await source.vector(matching, 'match-value');
  const [low, high] = [
    await source.vector(certainty, 'match-low'),
    await source.vector(certainty, 'match-high'),
  ];
  const nullMean = await source.matrix(certainty, 'null-mean');
  const nullStd = await source.matrix(certainty, 'null-std');
  const q = await source.vector(certainty, 'q-value');
  const units = Array.from(match, (partner, unit) => ({ partner, unit })).filter(
    ({ partner }) => partner >= 0,
  );
  return {
    ...(await source.pair(certainty, place)),
    units: units.map(({ partner, unit }) => ({
      unit,
      value: value[unit],
      low: low[unit],
      high: high[unit],
      nullMean: nullMean.values[unit * nullMean.cols + partner],
      nullStd: nullStd.values[unit * nullStd.cols + partner],
      q: q[unit],
    })),
    level: certainty.params.level as number,
    fdr: certainty.params.fdr as number,
    resamples: headlineOf(certainty, 'resamples'),
    shuffles: headlineOf(certainty, 'shuffles'),
    matchMean: headlineOf(certainty, 'matchMean'),
    nullMatchMean: headlineOf(certainty, 'nullMatchMean'),
  };
}
