import { AppError } from '#core/errors.ts';
import type { NamedArray } from '#core/domain/result.ts';
import type { SubspaceMethod } from '#core/domain/recipe.ts';
import { mostJackknifed } from '#core/domain/resampling-bounds.ts';
import { createJointMoments, mergeJointMoments } from '#core/numeric/moments/joint-moments.ts';
import {
  canonicalDirections,
  canonicalSpectrum,
  projectionWeightedMean,
  sharedCoordinates,
  whitenedCross,
  type CanonicalCorrelations,
} from '#core/numeric/subspaces/canonical-correlations.ts';
import { release } from '#core/numeric/linear-algebra/release.ts';
import { debiasedLinearCka, linearCka } from '#core/numeric/subspaces/linear-cka.ts';
import { ownCoordinates } from '#core/numeric/subspaces/own-coordinates.ts';
import { pairMoments, type PickedPair } from '#core/numeric/subspaces/pair-moments.ts';
import {
  componentsFor,
  participationRatio,
  principalComponents,
  principalVariances,
  rankTolerance,
  type PrincipalComponents,
} from '#core/numeric/subspaces/principal-components.ts';
import { procrustesLikeness } from '#core/numeric/subspaces/procrustes.ts';
import { explainedVariance, regressionCoefficients } from '#core/numeric/subspaces/regression.ts';
import { rbfCka, representationalSimilarity } from '#core/numeric/subspaces/sample-likeness.ts';
import { softMatching } from '#core/numeric/subspaces/soft-matching.ts';
import { correlationBlock, deadIn } from './correlation-block.ts';
import { profileRows } from './profile-arrays.ts';
import { matrix, momentsOf, values } from './task.ts';
import type { AlignInput, AlignOutput, TaskContext, UnitRange } from './task.ts';

/** Shared dimensions, and a network's own, kept for views. */
const sharedDimensions = 8;
/** Canonical correlations named in the headline. */
const top = 5;
/** Width of the Gaussian kernel, in medians of the distance. */
const rbfThreshold = 1;

/** Methods for which the variances of the principal components are not enough. */
const needVectors: SubspaceMethod[] = [
  'cca',
  'pwcca',
  'shared-dimensions',
  'svcca',
  'principal-angles',
  'regression',
];

type Input = AlignInput<'subspaces'>;
type Numbers = Record<string, number | number[]>;

interface Pair {
  /** Blocks are given back between methods, and within them where they are in the way. */
  moments: PickedPair;
  /** Without vectors where no method asked for needs them. */
  a: PrincipalComponents;
  b: PrincipalComponents;
  /** Joint indices of live units. */
  unitsA: Int32Array;
  unitsB: Int32Array;
}

/** Likeness of the spaces that the two networks' units span (methods section 6), from the training fold. */
export async function subspacesTask(input: Input, context: TaskContext): Promise<AlignOutput> {
  const { analysis, train, a, b } = input;
  const { algebra, checkpoint, progress } = context;
  const [unitsA, unitsB] = [liveUnits(input, a), liveUnits(input, b)];
  const moments = pairMoments(momentsOf(train), unitsA, unitsB);
  const asked = new Set<SubspaceMethod>(analysis.methods);
  const spectrumOf = needVectors.some((method) => asked.has(method))
    ? principalComponents
    : principalVariances;
  const componentsA = await spectrumOf(moments.p, moments.xx, algebra);
  moments.release();
  const componentsB = await spectrumOf(moments.q, moments.yy, algebra);
  moments.release();
  const pair: Pair = { moments, a: componentsA, b: componentsB, unitsA, unitsB };
  const headline: Numbers = {
    samples: train.n,
    liveA: moments.p,
    liveB: moments.q,
    rankA: pair.a.rank,
    rankB: pair.b.rank,
    rankTolerance,
  };
  const arrays: NamedArray[] = [];
  const steps: [SubspaceMethod[], () => Promise<void> | void][] = [
    [['cca', 'pwcca', 'shared-dimensions'], () => addCca(input, pair, asked, headline, arrays, context)],
    [['shared-dimensions'], () => addOwnFrames(input, pair, arrays)],
    [['svcca', 'principal-angles'], () => addSvcca(input, pair, asked, headline, arrays, context)],
    [['cka'], () => addCka(input, pair, headline)],
    [['procrustes'], () => addProcrustes(pair, headline, context)],
    [['regression'], () => addRegression(input, pair, headline, context)],
    [['soft-matching'], () => addSoftMatching(input, headline, checkpoint)],
    [['dimensionality'], () => addDimensionality(pair, headline, arrays)],
    [['rbf-cka', 'rsa'], () => addSampled(input, pair, asked, headline, context)],
    // Last: matrices of both networks' units together have no room beside the components of layers of thousands.
    [['shared-dimensions'], () => addProfile(input, pair, arrays, context)],
  ];
  for (const [index, [methods, step]] of steps.entries()) {
    checkpoint();
    progress(index, steps.length + 1);
    if (!methods.some((method) => asked.has(method))) continue;
    await step();
    moments.release();
  }
  await addErrors(input, pair, asked, headline, context);
  return { headline, arrays };
}

function liveUnits({ train }: Input, range: UnitRange): Int32Array {
  const dead = deadIn(train, range);
  return Int32Array.from(dead.keys())
    .filter((unit) => dead[unit] === 0)
    .map((unit) => range.start + unit);
}

async function addCca(
  { a, b }: Input,
  pair: Pair,
  asked: ReadonlySet<SubspaceMethod>,
  headline: Numbers,
  arrays: NamedArray[],
  { algebra }: TaskContext,
): Promise<void> {
  const cross = await whitenedCross(pair.moments, pair.a, pair.b, algebra);
  pair.moments.release();
  const needsDirections = asked.has('pwcca') || asked.has('shared-dimensions');
  const cca = needsDirections ? await canonicalDirections(cross, pair.a, pair.b, algebra) : null;
  const { rho, mean } = cca ?? (await canonicalSpectrum(cross, algebra));
  release(cross.values);
  if (asked.has('cca')) {
    headline.ccaMean = mean;
    headline.ccaTop = [...rho.subarray(0, top)];
    // Fewer samples than directions make correlations of 1 out of nothing.
    headline.ccaForced = Math.max(0, pair.a.rank + pair.b.rank - (pair.moments.n - 1));
    arrays.push(values('cca-rho', rho));
  }
  if (!cca) return;
  if (asked.has('pwcca')) {
    const { p, q, xx, yy } = pair.moments;
    headline.pwccaAB = await projectionWeightedMean(rho, cca.x, p, xx, algebra);
    headline.pwccaBA = await projectionWeightedMean(rho, cca.y, q, yy, algebra);
  }
  if (asked.has('shared-dimensions')) arrays.push(...(await sharedArrays(pair, cca, a, b, algebra)));
  release(cca.x, cca.y);
}

async function sharedArrays(
  pair: Pair,
  cca: CanonicalCorrelations,
  a: UnitRange,
  b: UnitRange,
  algebra: TaskContext['algebra'],
): Promise<NamedArray[]> {
  const shared = await sharedCoordinates(pair.moments, cca, sharedDimensions, algebra);
  const d = shared.dimensions;
  return [
    matrix('shared-a', a.count, d, spread(a, pair.unitsA, shared.a, d)),
    matrix('shared-b', b.count, d, spread(b, pair.unitsB, shared.b, d)),
    values('shared-rho', cca.rho.slice(0, d)),
  ];
}

/** Rows of the live units as rows of all units; dead ones lie at 0. */
function spread(range: UnitRange, units: Int32Array, live: Float64Array, d: number): Float64Array {
  const all = new Float64Array(range.count * d);
  units.forEach((unit, row) => all.set(live.subarray(row * d, (row + 1) * d), (unit - range.start) * d));
  return all;
}

/** Where units lie in their own network's components. */
function addOwnFrames({ a, b }: Input, pair: Pair, arrays: NamedArray[]): void {
  const { p, q, xx, yy } = pair.moments;
  for (const [side, range, units, components, size, moments] of [
    ['a', a, pair.unitsA, pair.a, p, xx],
    ['b', b, pair.unitsB, pair.b, q, yy],
  ] as const) {
    const variances = Float64Array.from({ length: size }, (_, unit) => moments[unit * size + unit]);
    const own = ownCoordinates(components, variances, sharedDimensions);
    const rows = spread(range, units, own.coordinates, own.dimensions);
    arrays.push(
      matrix(`own-${side}`, range.count, own.dimensions, rows),
      values(`own-share-${side}`, own.share),
    );
  }
}

/** Where units lie by their correlation with all units of both; the components' vectors are given back. */
async function addProfile(
  { train, a, b }: Input,
  pair: Pair,
  arrays: NamedArray[],
  context: TaskContext,
): Promise<void> {
  release(pair.a.vectors, pair.b.vectors);
  const profile = await profileRows(train, [a, b], a.count + b.count, [0, a.count], context);
  const split = a.count * profile.dimensions;
  arrays.push(
    matrix('profile-a', a.count, profile.dimensions, profile.scores.slice(0, split)),
    matrix('profile-b', b.count, profile.dimensions, profile.scores.slice(split)),
    profile.share,
    ...profile.nearest,
  );
}

async function addSvcca(
  { analysis }: Input,
  pair: Pair,
  asked: ReadonlySet<SubspaceMethod>,
  headline: Numbers,
  arrays: NamedArray[],
  { algebra }: TaskContext,
): Promise<void> {
  const keep = [pair.a, pair.b].map(({ values: spectrum }) => componentsFor(analysis.variance, spectrum));
  const cross = await whitenedCross(pair.moments, pair.a, pair.b, algebra, keep[0], keep[1]);
  const { rho, mean } = await canonicalSpectrum(cross, algebra);
  release(cross.values);
  Object.assign(headline, { svccaComponentsA: keep[0], svccaComponentsB: keep[1] });
  if (asked.has('svcca')) {
    headline.svccaMean = mean;
    arrays.push(values('svcca-rho', rho));
  }
  if (!asked.has('principal-angles')) return;
  const angles = rho.map((cosine) => Math.acos(cosine));
  headline.principalAngleMean =
    angles.length > 0 ? angles.reduce((sum, angle) => sum + angle, 0) / angles.length : 0;
  arrays.push(values('principal-angles', angles));
}

function addCka({ a, b, networks, second }: Input, pair: Pair, headline: Numbers): void {
  headline.linearCka = linearCka(pair.moments);
  const sums = second?.squaredNorms;
  if (!sums) throw new AppError('internal', 'CKA was asked for without the sums of the second pass.');
  const at = (range: UnitRange) => networks.findIndex((network) => network.range.start === range.start);
  const [i, j] = [at(a), at(b)];
  const of = (row: number, col: number) => sums[row * networks.length + col];
  const debiased = debiasedLinearCka(pair.moments, { xx: of(i, i), yy: of(j, j), xy: of(i, j) });
  if (debiased !== null) headline.debiasedCka = debiased;
}

async function addProcrustes(pair: Pair, headline: Numbers, { algebra }: TaskContext): Promise<void> {
  const likeness = await procrustesLikeness(pair.moments, algebra);
  headline.procrustesAngular = Math.acos(likeness);
  headline.procrustesLikeness = likeness;
}

async function addRegression(
  { analysis, test, train }: Input,
  pair: Pair,
  headline: Numbers,
  { algebra }: TaskContext,
): Promise<void> {
  headline.ridge = analysis.ridge;
  const [fold, centre] = [momentsOf(train), momentsOf(train).mean];
  for (const [name, x, y, components] of [
    ['AB', pair.unitsA, pair.unitsB, pair.a],
    ['BA', pair.unitsB, pair.unitsA, pair.b],
  ] as const) {
    const fitted = pairMoments(fold, x, y);
    // What predictions centred at the training fold's means meet.
    const heldOut = test && pairMoments(momentsOf(test), x, y, centre);
    for (const [kind, ridge] of [
      ['regression', 0],
      ['ridge', analysis.ridge],
    ] as const) {
      const coefficients = await regressionCoefficients(fitted, components, ridge, algebra);
      headline[`${kind}${name}`] = await explainedVariance(fitted, coefficients, algebra);
      fitted.release();
      if (heldOut)
        headline[`${kind}${name}HeldOut`] = await explainedVariance(heldOut, coefficients, algebra);
      heldOut?.release();
      release(coefficients);
    }
  }
}

function addSoftMatching({ train, a, b }: Input, headline: Numbers, checkpoint: () => void): void {
  headline.softMatching = softMatching(a.count, b.count, correlationBlock(train, a, b), checkpoint);
}

function addDimensionality(pair: Pair, headline: Numbers, arrays: NamedArray[]): void {
  for (const [side, { values: spectrum }] of [
    ['A', pair.a],
    ['B', pair.b],
  ] as const) {
    headline[`participationRatio${side}`] = participationRatio(spectrum);
    for (const share of [90, 95, 99])
      headline[`components${share}${side}`] = componentsFor(share / 100, spectrum);
    const total = spectrum.reduce((sum, value) => sum + value, 0);
    arrays.push(
      values(
        `spectrum-${side.toLowerCase()}`,
        spectrum.map((value) => value / total),
      ),
    );
  }
}

async function addSampled(
  input: Input,
  pair: Pair,
  asked: ReadonlySet<SubspaceMethod>,
  headline: Numbers,
  { algebra, checkpoint }: TaskContext,
): Promise<void> {
  const { sample, train } = input;
  if (!sample)
    throw new AppError('internal', 'Methods that need activations were asked for without a sample.');
  const { rows } = sample;
  const pick = (units: Int32Array) => {
    const part = new Float64Array(rows * units.length);
    for (let row = 0; row < rows; row++)
      units.forEach((unit, at) => (part[row * units.length + at] = sample.values[row * train.units + unit]));
    return part;
  };
  const [x, y] = [pick(pair.unitsA), pick(pair.unitsB)];
  const [p, q] = [pair.unitsA.length, pair.unitsB.length];
  headline.sampleRows = rows;
  if (asked.has('rbf-cka')) headline.rbfCka = await rbfCka(rows, p, x, q, y, rbfThreshold, algebra);
  checkpoint();
  if (!asked.has('rsa')) return;
  const { pearson, spearman } = await representationalSimilarity(rows, p, x, q, y, algebra);
  Object.assign(headline, { rsaPearson: pearson, rsaSpearman: spearman });
}

/** Standard errors by leaving out one group of images after the other (Efron 1982, doi:10.1137/1.9781611970319). */
async function addErrors(
  { blocks, train }: Input,
  pair: Pair,
  asked: ReadonlySet<SubspaceMethod>,
  headline: Numbers,
  { algebra, checkpoint }: TaskContext,
): Promise<void> {
  if (blocks.length < 2 || pair.unitsA.length + pair.unitsB.length > mostJackknifed) return;
  const found: { key: string; left: number[] }[] = [];
  const note = (key: string, value: number) => {
    const entry = found.find((other) => other.key === key);
    if (entry) entry.left.push(value);
    else found.push({ key, left: [value] });
  };
  for (let out = 0; out < blocks.length; out++) {
    checkpoint();
    const rest = createJointMoments(train.units);
    blocks.forEach((block, index) => index !== out && mergeJointMoments(rest, momentsOf(block)));
    const moments = pairMoments(rest, pair.unitsA, pair.unitsB);
    if (asked.has('cka')) note('linearCkaSe', linearCka(moments));
    if (asked.has('procrustes'))
      note('procrustesAngularSe', Math.acos(await procrustesLikeness(moments, algebra)));
    if (!asked.has('cca')) continue;
    const [x, y] = [
      await principalComponents(moments.p, moments.xx, algebra),
      await principalComponents(moments.q, moments.yy, algebra),
    ];
    const cross = await whitenedCross(moments, x, y, algebra);
    note('ccaMeanSe', (await canonicalSpectrum(cross, algebra)).mean);
  }
  for (const { key, left } of found) {
    const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
    const squares = left.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    headline[key] = Math.sqrt(((left.length - 1) / left.length) * squares);
  }
}
