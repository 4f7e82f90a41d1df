import type { NamedArray } from '#core/domain/result.ts';
import { blockCorrelations, type UnitSpan } from '#core/numeric/certainty/block-correlation.ts';
import { prepareBlocks, type BlockMoments } from '#core/numeric/certainty/block-moments.ts';
import { bootstrapWeights, randomHalves } from '#core/numeric/certainty/block-weights.ts';
import { falseDiscovery } from '#core/numeric/certainty/false-discovery.ts';
import { nullCorrelation } from '#core/numeric/certainty/null-correlation.ts';
import { bootstrapPairs } from '#core/numeric/certainty/pair-bootstrap.ts';
import { percentileInterval } from '#core/numeric/certainty/percentile.ts';
import { rematch } from '#core/numeric/certainty/rematching.ts';
import { nullPValues, shuffleNull } from '#core/numeric/certainty/shuffle-null.ts';
import { splitHalfMatching } from '#core/numeric/certainty/split-half.ts';
import { structureCeiling, type HalfStructure } from '#core/numeric/certainty/structure-ceiling.ts';
import { summariseMatching, type MatchingSummary } from '#core/numeric/matching/agreement.ts';
import { linearAssignment } from '#core/numeric/matching/linear-assignment.ts';
import { semiMatching } from '#core/numeric/matching/semi-matching.ts';
import { correlationBlock, deadIn } from './correlation-block.ts';
import { indices, matrix, momentsOf, values } from './task.ts';
import type { AlignInput, AlignOutput, TaskContext } from './task.ts';

/** Resamples that are matched anew, and random splits into halves: each costs whole matchings. */
const rematches = 50;
const splits = 10;

/** Choices of groups whose correlations are made in one reading of the groups' moments: more of small layers. */
function choicesAtOnce(pairs: number): number {
  const [most, bytes] = [10, 32 * 2 ** 20];
  return Math.max(1, Math.min(most, Math.floor(bytes / (8 * pairs))));
}

type Numbers = Record<string, number>;

interface Fitted {
  between: Float64Array;
  semi: Int32Array;
  match: Int32Array;
  summary: MatchingSummary;
  deadRows: Uint8Array;
  /** [a x b] 1 where both units are live */
  tested: Uint8Array;
}

interface Answer {
  headline: Numbers;
  arrays: NamedArray[];
}

/**
 * How sure the correlation matching of the pair is (methods section 8): bootstrap over blocks of images, split halves,
 * shuffled-image null with false-discovery control, effective sample size, held-out score. What the input does not
 * allow (no blocks, fewer than 3 shuffles, no test fold) is left out of the answer.
 */
export async function certaintyTask(
  input: AlignInput<'certainty'>,
  context: TaskContext,
): Promise<AlignOutput> {
  const fitted = fit(input, context);
  const { semiMean, matchMean, matched, agreement } = fitted.summary;
  const headline = { semiMean, matchMean, agreement, matched, samples: input.train.n, images: input.images };
  const answer: Answer = {
    headline: { ...headline, blocks: input.blocks.length, shuffles: input.nulls.length },
    arrays: [indices('semi', fitted.semi), indices('match', fitted.match)],
  };
  addHeldOut(answer, input, fitted);
  if (input.blocks.length >= 2) {
    const prepared = prepareBlocks(input.blocks.map(momentsOf));
    addBootstrap(answer, input, fitted, prepared, context);
    await addRematching(answer, input, fitted, prepared, context);
    await addHalves(answer, input, fitted, prepared, context);
  }
  if (input.nulls.length > 0) addNull(answer, input, fitted, context);
  return answer;
}

function fit({ a, b, train }: AlignInput<'certainty'>, { checkpoint }: TaskContext): Fitted {
  const between = correlationBlock(train, a, b);
  const [deadRows, deadCols] = [deadIn(train, a), deadIn(train, b)];
  const semi = semiMatching(between, a.count, b.count, deadRows);
  const match = linearAssignment(between, a.count, b.count, checkpoint);
  const tested = new Uint8Array(between.length);
  for (let at = 0; at < tested.length; at++) {
    tested[at] = deadRows[Math.floor(at / b.count)] === 0 && deadCols[at % b.count] === 0 ? 1 : 0;
  }
  const summary = summariseMatching(semi, match);
  return { between, semi: semi.partner, match: match.partner, summary, deadRows, tested };
}

/** The training fold's partners on images they were not chosen on. */
function addHeldOut({ headline }: Answer, { a, b, test }: AlignInput<'certainty'>, fitted: Fitted): void {
  if (!test || test.n === 0) return;
  const score = correlationBlock(test, a, b);
  const total = (partner: Int32Array): number =>
    partner.reduce((sum, col, row) => sum + (col < 0 ? 0 : score[row * b.count + col]), 0);
  headline.heldOutSemiMean = ratio(total(fitted.semi), a.count);
  headline.heldOutMatchMean = ratio(total(fitted.match), fitted.summary.matched);
  headline.heldOutDrop = headline.matchMean - headline.heldOutMatchMean;
  headline.testSamples = test.n;
}

/** Intervals with the partners kept: how well do these pairs correlate? */
function addBootstrap(
  { headline, arrays }: Answer,
  { analysis, a, b, train }: AlignInput<'certainty'>,
  fitted: Fitted,
  prepared: BlockMoments,
  { checkpoint, progress }: TaskContext,
): void {
  const { resamples, level, seed } = analysis;
  const weights = bootstrapWeights(prepared.blocks.length, resamples, seed);
  const pairs = 2 * a.count;
  const rows = Int32Array.from({ length: pairs }, (_, pair) => a.start + (pair % a.count));
  // Both matchings at once: what a resample needs of every unit is made once.
  const cols = Int32Array.of(...fitted.semi, ...fitted.match).map((col) => (col < 0 ? -1 : b.start + col));
  const boot = bootstrapPairs(prepared, rows, cols, weights, train.dead, (done) => {
    checkpoint();
    progress(2 * done, 10 * resamples);
  });
  const semiMeans = rowMeans(boot, resamples, { from: 0, to: a.count }, a.count);
  const matchMeans = rowMeans(boot, resamples, { from: a.count, to: pairs }, fitted.summary.matched);
  addInterval(headline, 'semiMean', semiMeans, level);
  addInterval(headline, 'matchMean', matchMeans, level);
  Object.assign(headline, { resamples, level });
  const [low, high] = [new Float64Array(a.count), new Float64Array(a.count)];
  for (let row = 0; row < a.count; row++) {
    const interval = percentileInterval(column(boot, resamples, a.count + row), level);
    [low[row], high[row]] = [interval.low, interval.high];
  }
  arrays.push(values('match-low', low), values('match-high', high));
  arrays.push(values('bootstrap-semi-mean', semiMeans), values('bootstrap-match-mean', matchMeans));
}

/** How often units keep their partners, and the (upward biased) means when every resample chooses its own. */
async function addRematching(
  { headline, arrays }: Answer,
  { analysis, a, b, train }: AlignInput<'certainty'>,
  fitted: Fitted,
  prepared: BlockMoments,
  { algebra, checkpoint, progress }: TaskContext,
): Promise<void> {
  const blocks = prepared.blocks.length;
  const count = Math.min(rematches, analysis.resamples);
  const weights = bootstrapWeights(blocks, count, analysis.seed);
  const atOnce = choicesAtOnce(a.count * b.count);
  let scores: Float64Array[] = [];
  const scoresOf = async (k: number): Promise<Float64Array> => {
    if (k % atOnce === 0) {
      const chosen = weights.subarray(k * blocks, Math.min(count, k + atOnce) * blocks);
      const options = { algebra, into: scores, onTile: checkpoint };
      scores = await blockCorrelations(prepared, chosen, a, b, train.dead, options);
    }
    return scores[k % atOnce];
  };
  const again = await rematch(count, scoresOf, [a.count, b.count], fitted, fitted.deadRows, (done) => {
    checkpoint();
    progress(2 * count + 5 * done, 10 * count);
  });
  addInterval(headline, 'rematchedSemiMean', again.semiMean, analysis.level);
  addInterval(headline, 'rematchedMatchMean', again.matchMean, analysis.level);
  headline.rematchedResamples = count;
  headline.stabilityMean = ratio(sum(again.matchStability), fitted.summary.matched);
  headline.semiStabilityMean = ratio(sum(again.semiStability), a.count);
  arrays.push(values('stability', again.matchStability), values('semi-stability', again.semiStability));
  arrays.push(values('rematched-match-mean', again.matchMean));
}

async function addHalves(
  { headline }: Answer,
  input: AlignInput<'certainty'>,
  fitted: Fitted,
  prepared: BlockMoments,
  context: TaskContext,
): Promise<void> {
  const { a, b } = input;
  const { checkpoint } = context;
  const pairs = liveMatched(fitted, b.count);
  const totals = { crossMatchMean: 0, ownMatchMean: 0, agreement: 0 };
  const structure = { score: 0, ceiling: 0, count: 0 };
  for await (const [first, second] of splitHalves(input, fitted.match, pairs, prepared, context)) {
    const cross = splitHalfMatching(first.between, second.between, a.count, b.count, checkpoint);
    totals.crossMatchMean += cross.crossMatchMean / splits;
    totals.ownMatchMean += cross.ownMatchMean / splits;
    totals.agreement += cross.agreement / splits;
    const bound = structureCeiling(first, second, pairs.length, checkpoint);
    if (!bound) continue;
    structure.score += bound.score;
    structure.ceiling += bound.ceiling;
    structure.count++;
  }
  headline.splitHalfMatchMean = totals.crossMatchMean;
  headline.splitHalfSelection = totals.ownMatchMean - totals.crossMatchMean;
  headline.splitHalfAgreement = totals.agreement;
  headline.splits = splits;
  if (structure.count === 0) return;
  headline.structureScore = structure.score / structure.count;
  headline.noiseCeiling = structure.ceiling / structure.count;
}

/** Both halves of every split, some splits at a time; the arrays of one time are written again the next. */
async function* splitHalves(
  { analysis, a, b, train }: AlignInput<'certainty'>,
  match: Int32Array,
  pairs: Int32Array,
  prepared: BlockMoments,
  { algebra, checkpoint }: TaskContext,
): AsyncGenerator<(HalfStructure & { between: Float64Array })[]> {
  const blocks = prepared.blocks.length;
  const halves = randomHalves(blocks, splits, analysis.seed);
  const partners = pairs.map((row) => match[row]);
  const atOnce = Math.ceil(choicesAtOnce(Math.max(a.count, b.count) ** 2) / 2);
  let [between, own]: Float64Array[][] = [[], []];
  for (let split = 0; split < splits; split += atOnce) {
    const some = halves.subarray(split * blocks, Math.min(splits, split + atOnce) * blocks);
    const both = Float64Array.of(...some, ...some.map((weight) => 1 - weight));
    const correlate = (one: UnitSpan, other: UnitSpan, into: Float64Array[]) =>
      blockCorrelations(prepared, both, one, other, train.dead, { algebra, into, onTile: checkpoint });
    const within = async (side: UnitSpan, order: Int32Array) => {
      own = await correlate(side, side, own[0]?.length === side.count ** 2 ? own : []);
      return own.map((square) => pick(square, side.count, order));
    };
    between = await correlate(a, b, between);
    const [ofA, ofB] = [await within(a, pairs), await within(b, partners)];
    const half = (at: number) => ({ between: between[at], a: ofA[at], b: ofB[at] });
    const count = some.length / blocks;
    for (let at = 0; at < count; at++) yield [half(at), half(at + count)];
  }
}

function addNull(
  answer: Answer,
  input: AlignInput<'certainty'>,
  fitted: Fitted,
  { checkpoint }: TaskContext,
): void {
  const { a, b, train, nulls } = input;
  const moments = momentsOf(train);
  const [semiMeans, matchMeans] = [new Float64Array(nulls.length), new Float64Array(nulls.length)];
  let largest = -1;
  const shuffled = nulls.map((shuffle, k) => {
    const r = nullCorrelation(moments, momentsOf(shuffle), a, b, train.dead, checkpoint);
    const semi = semiMatching(r, a.count, b.count, fitted.deadRows);
    const summary = summariseMatching(semi, linearAssignment(r, a.count, b.count, checkpoint));
    [semiMeans[k], matchMeans[k]] = [summary.semiMean, summary.matchMean];
    for (let at = 0; at < r.length; at++) if (fitted.tested[at] === 1 && r[at] > largest) largest = r[at];
    return r;
  });
  addMoments(answer.headline, 'nullSemi', semiMeans);
  addMoments(answer.headline, 'nullMatch', matchMeans);
  answer.headline.nullLargest = largest;
  answer.arrays.push(values('null-match-mean', matchMeans), values('null-semi-mean', semiMeans));
  if (nulls.length >= 3) addDiscoveries(answer, input, fitted, shuffled, checkpoint);
}

function addDiscoveries(
  { headline, arrays }: Answer,
  { a, b, analysis }: AlignInput<'certainty'>,
  { between, tested, match }: Fitted,
  shuffled: Float64Array[],
  checkpoint: () => void,
): void {
  const distribution = shuffleNull(shuffled, tested, checkpoint);
  const p = nullPValues(between, tested, distribution, checkpoint);
  const family = falseDiscovery(
    p.filter((_, at) => tested[at] === 1),
    checkpoint,
  );
  const isTested = (col: number, row: number): boolean => col >= 0 && tested[row * b.count + col] === 1;
  const matchP = Float64Array.from(match, (col, row) => (isTested(col, row) ? p[row * b.count + col] : 1));
  const matchQ = Float64Array.from(match, (col, row) => (isTested(col, row) ? family.q(matchP[row]) : 1));
  const rejected = family.rejected(analysis.fdr);
  Object.assign(headline, {
    tested: tested.reduce((count, flag) => count + flag, 0),
    discoveries: rejected.positive,
    discoveriesAnyDependence: rejected.any,
    matchedDiscoveries: matchQ.reduce((count, q) => count + (q <= analysis.fdr ? 1 : 0), 0),
    fdr: analysis.fdr,
  });
  if (distribution.meanVariance > 0) headline.effectiveSamples = 1 / distribution.meanVariance;
  arrays.push(
    matrix('p-value', a.count, b.count, p),
    values('match-p-value', matchP),
    values('q-value', matchQ),
  );
  arrays.push(matrix('null-mean', a.count, b.count, distribution.mean));
  arrays.push(matrix('null-std', a.count, b.count, distribution.std));
}

/** Units of A that are live and matched to a live unit. */
function liveMatched({ match, tested }: Fitted, cols: number): Int32Array {
  return Int32Array.from(match.keys()).filter(
    (row) => match[row] >= 0 && tested[row * cols + match[row]] === 1,
  );
}

/** The rows and columns of a square matrix in the given order. */
function pick(square: Float64Array, side: number, order: Int32Array): Float64Array {
  const picked = new Float64Array(order.length * order.length);
  let at = 0;
  for (const row of order) for (const col of order) picked[at++] = square[row * side + col];
  return picked;
}

function addInterval(headline: Numbers, key: string, bootstrap: Float64Array, level: number): void {
  const { low, high } = percentileInterval(bootstrap, level);
  headline[`${key}Low`] = low;
  headline[`${key}High`] = high;
}

function addMoments(headline: Numbers, key: string, list: Float64Array): void {
  const mean = sum(list) / list.length;
  headline[`${key}Mean`] = mean;
  if (list.length < 2) return;
  const squares = list.reduce((total, x) => total + (x - mean) ** 2, 0);
  headline[`${key}Std`] = Math.sqrt(squares / (list.length - 1));
}

/** Sums of some columns of every row, by `count`. */
function rowMeans(
  data: Float64Array,
  rows: number,
  { from, to }: { from: number; to: number },
  count: number,
): Float64Array {
  const cols = data.length / rows;
  return Float64Array.from({ length: rows }, (_, row) =>
    ratio(sum(data.subarray(row * cols + from, row * cols + to)), count),
  );
}

function column(data: Float64Array, rows: number, col: number): Float64Array {
  const cols = data.length / rows;
  return Float64Array.from({ length: rows }, (_, row) => data[row * cols + col]);
}

const sum = (list: Float64Array): number => list.reduce((total, x) => total + x, 0);
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
