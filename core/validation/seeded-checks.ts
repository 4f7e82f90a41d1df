import { adjustedRand } from '../numeric/clustering/adjusted-rand.ts';
import { affinity } from '../numeric/clustering/affinity.ts';
import { kMeans } from '../numeric/clustering/k-means.ts';
import { normalisedLaplacian } from '../numeric/clustering/normalised-laplacian.ts';
import { spectralEmbedding } from '../numeric/clustering/spectral-embedding.ts';
import { correlationFromMoments } from '../numeric/correlation/correlation-from-moments.ts';
import type { LinearAlgebra } from '../numeric/linear-algebra/linear-algebra.ts';
import { summariseMatching } from '../numeric/matching/agreement.ts';
import { linearAssignment } from '../numeric/matching/linear-assignment.ts';
import { semiMatching } from '../numeric/matching/semi-matching.ts';
import { exactly, rounding, type Check } from './check.ts';
import { numpyNormals } from './numpy-random.ts';
import { momentsOf, twoSided } from './samples.ts';

const rowsOf = (count: number, width: number, values: Float64Array): number[][] =>
  Array.from({ length: count }, (_, row) => [...values.subarray(row * width, (row + 1) * width)]);

/** Quantities of `cka_demo_1337.json` whose data are given by a seed of numpy's and a formula. */
export function seededChecks(): Check[] {
  return [...pairsOfTwelve(), ...spectralChecks()];
}

function pairsOfTwelve(): Check[] {
  const source = 'scipy and numpy: A = randn(60, 12), B = 0.6 A reversed + randn(60, 12), seed 7';
  const solved = () => {
    const normals = numpyNormals(7);
    const a = rowsOf(60, 12, normals(720));
    const noise = rowsOf(60, 12, normals(720));
    const b = a.map((row, k) => row.map((_, unit) => 0.6 * row[11 - unit] + noise[k][unit]));
    const score = correlationFromMoments(twoSided(a, b).moments, {
      rowStart: 0,
      rowCount: 12,
      colStart: 12,
      colCount: 12,
    });
    const [semi, match] = [semiMatching(score, 12, 12), linearAssignment(score, 12, 12)];
    return { semi, match, ...summariseMatching(semi, match) };
  };
  const path = (key: string) => ['expected', 'case2', key];
  const of = (
    key: string,
    quantity: string,
    rest: Pick<Check, 'method' | 'tolerance' | 'reason' | 'compute'>,
  ) => ({
    path: path(key),
    quantity: `${quantity} (12 reversed units)`,
    source,
    ...rest,
  });
  return [
    of('opt', 'Match, pairs', { method: 'match', ...exactly, compute: () => [...solved().match.partner] }),
    of('opt_mean', 'Mean match', { method: 'match', ...rounding, compute: () => solved().matchMean }),
    of('row_argmax', 'Semi-match, partners', {
      method: 'semiMatch',
      ...exactly,
      compute: () => [...solved().semi.partner],
    }),
    of('row_max_mean', 'Mean semi-match', {
      method: 'semiMatch',
      ...rounding,
      compute: () => solved().semiMean,
    }),
    of('overlap_ratio', 'Agreement', {
      method: 'agreement',
      ...rounding,
      compute: () => solved().agreement,
    }),
  ];
}

/** Three planted groups of eight units. */
const planted = Int32Array.from({ length: 24 }, (_, unit) => Math.floor(unit / 8));

async function spectrum(algebra: LinearAlgebra) {
  const normals = numpyNormals(0);
  const hidden = rowsOf(500, 3, normals(1500));
  const noise = rowsOf(500, 24, normals(12000));
  const units = noise.map((row, k) => row.map((value, unit) => hidden[k][planted[unit]] + 0.5 * value));
  const score = correlationFromMoments(momentsOf(units), {
    rowStart: 0,
    rowCount: 24,
    colStart: 0,
    colCount: 24,
  });
  const { laplacian } = normalisedLaplacian(24, affinity('abs', 24, score));
  return algebra.symmetricEigen(24, laplacian);
}

function spectralChecks(): Check[] {
  const source = 'numpy and scikit-learn: three planted groups of eight units, 500 samples, RandomState(0)';
  const path = (key: string) => ['expected', 'spectral', key];
  return [
    {
      path: path('ARI_vs_planted'),
      quantity: 'Spectral clusters against the planted groups, adjusted Rand',
      method: 'clusters',
      ...rounding,
      source,
      async compute(algebra) {
        const { vectors } = await spectrum(algebra);
        const { labels } = kMeans(24, 3, spectralEmbedding(24, 3, vectors), 3, 10, 0);
        return adjustedRand(labels, planted);
      },
    },
  ];
}
