import type { ProjectRun, ProjectSummary } from '#core/domain/project.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';
import { allLayers, type Headline, type NamedArray, type ResultEntry } from '#core/domain/result.ts';
import { wardDendrogram } from '#core/numeric/clustering/agglomerative.ts';
import { layerPlans, makeProject, makeRun } from './synthetic.ts';

/** Results of the later analyses on Net1 and Net2 at conv1: invented numbers under the real names. */

const units = layerPlans[0].units;
const wave = (count: number, low = 0, high = 1) =>
  Float64Array.from({ length: count }, (_, at) => low + ((high - low) * (1 + Math.sin(at * 1.7))) / 2);
const matrix = (name: string, rows: number, cols: number, low = 0, high = 1): NamedArray => ({
  name,
  dtype: 'float64',
  rows,
  cols,
  data: wave(rows * cols, low, high),
});
const integers = (name: string, rows: number, cols: number, value: (at: number) => number): NamedArray => ({
  name,
  dtype: 'int32',
  rows,
  cols,
  data: Int32Array.from({ length: rows * cols }, (_, at) => value(at)),
});

/** Live units of both networks: group 2 has no unit of the second one. */
const groupOf = (row: number) => (row < units ? row % 4 : [0, 2, 3][row % 3]);
const labels = Array.from({ length: 2 * units }, (_, row) => groupOf(row));
const membersOf = (group: number, network: number) =>
  labels.filter((label, row) => label === group && Math.floor(row / units) === network).length;
const tree = wardDendrogram(
  2 * units,
  4,
  wave(8 * units, 0, 0.4).map((value, at) => value + Number(at % 4 === groupOf(Math.floor(at / 4)))),
);

interface Made {
  headline: Headline;
  arrays: NamedArray[];
}

export const laterAnalyses: Partial<Record<AnalysisName, Made>> = {
  'mutual-information': {
    headline: {
      semiMean: 0.61,
      matchMean: 0.58,
      matchMeanCorrected: 0.57,
      nullMean: 0.01,
      agreement: 0.8,
      agreementWithCorrelation: 0.75,
      samples: 1_568_000,
    },
    arrays: [matrix('mi', units, units), matrix('semi-value', 1, units), matrix('match-value', 1, units)],
  },
  'sparse-mapping': {
    headline: {
      points: [0.3, 0.1, 0.03].map((alpha, at) => ({
        alpha,
        loss: 0.45 - 0.1 * at,
        heldOutLoss: 0.46 - 0.1 * at,
        cvLoss: 0.47 - 0.1 * at,
        cvStandardError: 0.01,
        randomSourcesLoss: 0.48 - 0.05 * at,
        penalty: alpha,
        sourcesMean: 1.5 + 3 * at,
        sourcesMedian: 1 + 3 * at,
        dualityGap: 1e-9,
      })),
      leastSquaresLoss: 0.2,
      bestSingleLoss: 0.41,
      alphaOneSe: 0.1,
      heldOutFrom: 1,
      liveTargets: units,
      liveSources: units,
    },
    arrays: [
      ...[0.3, 0.1, 0.03].map((alpha) => matrix(`weights-${alpha}`, units, units, -0.5, 0.5)),
      matrix('loss', 3, units, 0.1, 0.5),
      matrix('held-out-loss', 3, units, 0.12, 0.5),
      integers('sources', 3, units, (at) => (at * 7) % 12),
      matrix('best-single', 1, units, 0.3, 0.5),
    ],
  },
  'spectral-clusters': {
    headline: {
      eigenvalues: [0, 0.05, 0.08, 0.1, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7],
      cuts: [{ k: 4, ncut: 2.1, stability: 0.8 }],
      averageInputImages: 4096,
      averageInputChannels: 1,
      averageInputRows: 6,
      averageInputCols: 5,
      suggestedK: 4,
      liveUnits: 2 * units,
      deadUnits: 0,
      samples: 1_568_000,
    },
    arrays: [
      integers('network', 1, 2 * units, (row) => Math.floor(row / units)),
      integers('unit', 1, 2 * units, (row) => row % units),
      integers('leaf-order', 1, 2 * units, (place) => tree.leaves[place]),
      { name: 'linkage', dtype: 'float64', rows: 2 * units - 1, cols: 4, data: tree.linkage },
      integers('labels-4', 1, 2 * units, (row) => labels[row]),
      integers('members-4', 4, 2, (at) => membersOf(Math.floor(at / 2), at % 2)),
      matrix('cluster-table-4', 4, 7),
      matrix('average-input-4', 8, 30, -0.2, 0.2),
      matrix('joint-ordered', 2 * units, 2 * units, -1, 1),
    ],
  },
  subspaces: {
    headline: {
      ccaMean: 0.83,
      ccaTop: [0.99, 0.98, 0.97, 0.95, 0.94],
      svccaMean: 0.8,
      pwccaAB: 0.85,
      pwccaBA: 0.86,
      linearCka: 0.93,
      debiasedCka: 0.92,
      procrustesAngular: 0.31,
      participationRatioA: 6.2,
      participationRatioB: 5.9,
    },
    arrays: [
      matrix('shared-a', units, 3, -1, 1),
      matrix('shared-b', units, 3, -1, 1),
      matrix('cca-rho', 1, units),
      matrix('shared-rho', 1, 3, 0.9, 1),
      ...['own-a', 'own-b'].map((name) => matrix(name, units, 4, -0.5, 0.5)),
      ...['own-share-a', 'own-share-b'].map((name) => matrix(name, 1, 4, 0, 0.25)),
      ...['profile-a', 'profile-b'].map((name) => matrix(name, units, 4, -2, 2)),
      matrix('profile-share', 1, 4, 0, 0.25),
      // Neighbours on a ring of all units of both.
      integers(
        'profile-neighbours',
        2 * units,
        4,
        (at) => (Math.floor(at / 4) + [1, -1, 2, -2][at % 4] + 2 * units) % (2 * units),
      ),
      matrix('profile-distances', 2 * units, 4, 0.1, 1),
      ...['spectrum-a', 'spectrum-b'].map((name) => matrix(name, 1, units, 0, 2 / units)),
      matrix('principal-angles', 1, units, 0, 1.5),
    ],
  },
  code: {
    headline: {
      matchMean: 0.7,
      rotatedMean: 0.4,
      rotatedStd: 0.02,
      permutationScore: 0.5,
      rotationScore: 0.8,
      linearScore: 0.9,
    },
    arrays: [],
  },
  certainty: {
    headline: {
      matchMean: 0.7,
      matchMeanLow: 0.68,
      matchMeanHigh: 0.72,
      level: 0.95,
      heldOutMatchMean: 0.69,
      nullMatchMean: 0.05,
      nullMatchStd: 0.01,
      discoveries: 200,
      tested: units * units,
      stabilityMean: 0.9,
      noiseCeiling: 0.97,
      samples: 1_568_000,
    },
    arrays: [
      matrix('stability', 1, units),
      matrix('match-low', 1, units, 0.2, 0.4),
      matrix('match-high', 1, units, 0.8, 0.9),
      matrix('q-value', 1, units, 0, 0.06),
    ],
  },
  neighbourhoods: {
    headline: {
      points: [0.1, 0.3, 0.5].map((epsilon) => ({
        epsilon,
        maximumMatchSimilarity: epsilon,
        sizesA: 3,
        sizesB: 3,
        simpleMatches: 1,
        simpleSizeMean: 2,
        simpleOneToOne: 1,
      })),
      samples: 1_568_000,
    },
    arrays: [
      matrix('residual-a', 1, units, 0, 0.9),
      matrix('residual-b', 1, units, 0, 0.9),
      integers('maximum-a-0.1', 1, units, (at) => Number(at < 3)),
      integers('maximum-b-0.1', 1, units, (at) => Number(at < 3)),
      integers('simple-0.1', 1, 2 * units, (at) => Number(at === 2 || at === units + 1)),
      integers('simple-of-unit-0.1', 1, 2 * units, (at) => (at === 2 || at === units + 1 ? 0 : -1)),
    ],
  },
  'many-networks': {
    headline: {
      networks: 4,
      liveUnits: 4 * units,
      foundInAll: 60,
      foundInSome: 30,
      foundInOne: 6,
      convergenceMean: 0.8,
      cycleConsistency: 0.7,
      cycleChance: 0.04,
      matchMean: 0.66,
    },
    arrays: [
      matrix('convergence', 1, 4 * units),
      integers('network', 1, 4 * units, (at) => Math.floor(at / units)),
      integers('unit', 1, 4 * units, (at) => at % units),
      matrix('profile', 4 * units, 4, -2, 2),
      matrix('profile-share', 1, 4, 0, 0.25),
      integers('dead', 1, 4 * units, (at) => Number(at === 7)),
      integers('network', 1, 4 * units, (at) => Math.floor(at / units)),
      integers('unit', 1, 4 * units, (at) => at % units),
      integers('networks-holding', 1, 4 * units, (at) => at % 4),
      integers('cycle-started', 1, 4 * units, () => 3),
      integers('cycle-returned', 1, 4 * units, (at) => at % 3),
      matrix('pair-match-mean', 4, 4),
    ],
  },
  'layer-map': {
    headline: { bestMean: 0.9, sameDepthMean: 0.88, sameDepthBest: 0.75, samples: 98_000 },
    arrays: [matrix('layer-map', 4, 4)],
  },
};

export function laterResult(resultId: string): Made | undefined {
  const [kind, name] = resultId.split('/');
  return kind === 'later' ? laterAnalyses[name as AnalysisName] : undefined;
}

/** A project whose run has one result of every later analysis. */
export function projectWithAll(): ProjectSummary {
  const run: ProjectRun = makeRun();
  const more = (Object.keys(laterAnalyses) as AnalysisName[]).map(entryOf);
  return makeProject([{ ...run, results: [...run.results, ...more] }]);
}

function entryOf(analysis: AnalysisName): ResultEntry {
  const layer = analysis === 'layer-map' ? allLayers : 'conv1';
  const isGroup = analysis === 'many-networks';
  return {
    id: `later/${analysis}`,
    analysis,
    a: { network: 'Net1', layer },
    b: { network: isGroup ? 'Net4' : 'Net2', layer },
    params: {
      ...(analysis === 'spectral-clusters' ? { affinity: 'abs' } : {}),
      ...(isGroup ? { networks: ['Net1', 'Net2', 'Net3', 'Net4'] } : {}),
      ...(analysis === 'layer-map' ? { layers: layerPlans.map((plan) => plan.name) } : {}),
    },
    headline: laterAnalyses[analysis]?.headline ?? {},
  };
}
