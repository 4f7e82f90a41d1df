import { mostResampled } from '#core/domain/resampling-bounds.ts';
import type { NamedArray } from '#core/domain/result.ts';
import { prepareBlocks } from '#core/numeric/certainty/block-moments.ts';
import { bootstrapWeights } from '#core/numeric/certainty/block-weights.ts';
import { adjustedRand } from '#core/numeric/clustering/adjusted-rand.ts';
import { affinity } from '#core/numeric/clustering/affinity.ts';
import { cutDendrogram, wardDendrogram } from '#core/numeric/clustering/agglomerative.ts';
import {
  bestJaccard,
  clusterColumns,
  correlationWithCentre,
  meanScores,
  networkBalance,
} from '#core/numeric/clustering/cluster-facts.ts';
import { eigengapCount } from '#core/numeric/clustering/eigengap.ts';
import { cutGraph } from '#core/numeric/clustering/cut-graph.ts';
import { normalisedCut } from '#core/numeric/clustering/normalised-cut.ts';
import { normalisedLaplacian } from '#core/numeric/clustering/normalised-laplacian.ts';
import { smallestEigenpairs } from '#core/numeric/clustering/smallest-eigenpairs.ts';
import { spectralEmbedding } from '#core/numeric/clustering/spectral-embedding.ts';
import { clusterInputs, fittedInput } from './cluster-inputs.ts';
import { graphCorrelation, graphUnits, resampledGraph, type GraphUnits } from './graph-scores.ts';
import { graphInformation } from './graph-information.ts';
import { bandedMatrix, indices, matrix, momentsOf, values } from './task.ts';
import type { AlignInput, AlignOutput, AverageInput, TaskContext, UnitRange } from './task.ts';

/** k-means starts of the reported clusters and of each resample, and resamples for stability. */
const starts = 100;
const resampledStarts = 5;
const resamples = 20;
/** What the stability of clusters by mutual information is judged on instead. */
const halves = ['half', 'rest'] as const;
/** Eigenvalues reported, and looked at for the gap. */
const reported = 10;

type Input = AlignInput<'spectral-clusters'>;

interface Graph {
  ranges: UnitRange[];
  units: GraphUnits;
  n: number;
  /** Affinities; given up for the correlations once units are cut. */
  weights: Float64Array;
  /** Smallest eigenvalues, and their eigenvectors as rows. */
  values: Float64Array;
  vectors: Float64Array;
}

interface Cut {
  k: number;
  labels: Int32Array;
  ncut: Float64Array;
}

/**
 * Spectral clusters of the units of a pair or a group of networks (methods section 5): normalised cuts of the
 * affinity graph, a hierarchy on the embedding, what each cluster is made of, how stable it is.
 */
export async function spectralClustersTask(input: Input, context: TaskContext): Promise<AlignOutput> {
  const { analysis } = input;
  const graph = await buildGraph(input, context);
  const { n } = graph;
  context.progress(1, 3);
  const cuts = analysis.k.map((k): Cut => {
    context.checkpoint();
    const used = Math.min(k, n);
    const labels = cutGraph(n, graph.weights, graph.vectors, used, starts, analysis.seed);
    return { k: used, labels, ncut: normalisedCut(n, graph.weights, labels, used) };
  });
  const stability = await stabilities(input, graph, cuts, context);
  const pictures = Math.max(...cuts.map(({ k }) => k)) * graph.ranges.length;
  const average = input.averageInput ? fittedInput(input.averageInput, pictures) : null;
  const correlation = graphCorrelation(input.train, graph.ranges, graph.units, graph.weights);
  const tree = hierarchy(graph, correlation, Math.max(...analysis.k));
  const headline = {
    eigenvalues: [...graph.values.subarray(0, reported)],
    cuts: cuts.map((cut, index) => cutFacts(input, graph, cut, analysis.k[index], stability[index])),
    suggestedK: eigengapCount(graph.values.subarray(0, reported)),
    liveUnits: n,
    deadUnits: graph.ranges.reduce((sum, { count }) => sum + count, 0) - n,
    samples: input.train.n,
    ...averageInputFacts(average),
  };
  const tables = cuts.flatMap((cut, index) =>
    cutArrays(graph, correlation, cut, analysis.k[index], stability[index]),
  );
  return {
    headline,
    arrays: [
      indices('network', graph.units.network),
      indices('unit', graph.units.unit),
      values('eigenvalues', graph.values),
      ...tables,
      ...cuts.flatMap((cut, index) => averageInputs(average, graph, cut, analysis.k[index])),
      ...tree,
    ],
  };
}

async function buildGraph(input: Input, context: TaskContext): Promise<Graph> {
  const { analysis, train } = input;
  const ranges = analysis.group === 'all' ? input.networks.map(({ range }) => range) : [input.a, input.b];
  const units = graphUnits(train, ranges);
  const n = units.unit.length;
  const counts = [reported, ...analysis.k];
  if (analysis.affinity === 'mutual-information') {
    const weights = affinity(analysis.affinity, n, graphInformation(input, ranges, units));
    const { values: smallest, vectors } = await smallestEigen(n, weights, counts, context);
    return { ranges, units, n, weights, values: smallest, vectors };
  }
  // Correlations, affinities and the Laplacian take each other's place: of 16,384 units each is 2 GiB.
  const place = graphCorrelation(train, ranges, units);
  context.checkpoint();
  affinity(analysis.affinity, n, place, place);
  const { values: smallest, vectors } = await smallestEigen(n, place, counts, context, place);
  const weights = affinity(analysis.affinity, n, graphCorrelation(train, ranges, units, place), place);
  return { ranges, units, n, weights, values: smallest, vectors };
}

/**
 * As many eigenpairs of the graph's normalised Laplacian as the largest of the numbers.
 *
 * @param into where the Laplacian is made; the weights themselves may be given up for it
 */
async function smallestEigen(
  n: number,
  weights: Float64Array,
  k: readonly number[],
  context: TaskContext,
  into?: Float64Array,
) {
  const { laplacian } = normalisedLaplacian(n, weights, into);
  const count = Math.min(n, Math.max(...k));
  return smallestEigenpairs(n, laplacian, count, context.algebra, context.checkpoint);
}

interface Stability {
  /** Mean adjusted Rand index of the resamples' clusters with the reported ones. */
  rand: number;
  /** Mean best Jaccard likeness of each cluster. */
  jaccard: Float64Array;
}

/** Scores of all units on resampled images: 20 resamples of groups of images, or two random halves for histograms. */
function* resampledScores(input: Input, graph: Graph): Generator<Float64Array> {
  const { blocks, analysis, train } = input;
  if (analysis.affinity === 'mutual-information') {
    for (const images of halves) yield graphInformation(input, graph.ranges, graph.units, images);
    return;
  }
  const prepared = prepareBlocks(blocks.map(momentsOf));
  const weights = bootstrapWeights(blocks.length, resamples, analysis.seed);
  for (let resample = 0; resample < resamples; resample++) {
    const drawn = weights.subarray(resample * blocks.length, (resample + 1) * blocks.length);
    yield resampledGraph(prepared, drawn, train.dead, graph.ranges, graph.units);
  }
}

/**
 * The clusters of resampled images against those of all; none where the images were not read in a random order, and
 * for large graphs.
 */
async function stabilities(
  input: Input,
  graph: Graph,
  cuts: readonly Cut[],
  context: TaskContext,
): Promise<(Stability | null)[]> {
  const { blocks, analysis } = input;
  if (blocks.length < 2 || graph.n === 0 || graph.n > mostResampled) return cuts.map(() => null);
  const found = cuts.map(({ k }) => ({ rand: 0, jaccard: new Float64Array(k) }));
  const times = analysis.affinity === 'mutual-information' ? halves.length : resamples;
  let resample = 0;
  for (const scores of resampledScores(input, graph)) {
    context.checkpoint();
    context.progress(times + 2 * resample++, 3 * times);
    const w = affinity(analysis.affinity, graph.n, scores);
    const { vectors } = await smallestEigen(graph.n, w, analysis.k, context);
    cuts.forEach((cut, index) => {
      const labels = cutGraph(graph.n, w, vectors, cut.k, resampledStarts, analysis.seed);
      found[index].rand += adjustedRand(cut.labels, labels) / times;
      bestJaccard(cut.labels, cut.k, labels).forEach(
        (value, label) => (found[index].jaccard[label] += value / times),
      );
    });
  }
  return found;
}

function cutFacts(
  { test, analysis }: Input,
  graph: Graph,
  { k: used, labels, ncut }: Cut,
  k: number,
  stability: Stability | null,
): Record<string, number> {
  const members = memberCounts(graph, labels, used);
  const ofOne = members.filter((counts) => counts.filter((count) => count > 0).length === 1);
  const facts: Record<string, number> = {
    k,
    ncut: sum(ncut),
    clusters: used,
    clustersOfOneNetwork: ofOne.length,
    unitsOfOneNetwork: ofOne.reduce((total, counts) => total + counts.reduce((x, y) => x + y, 0), 0),
    balanceMean: members.reduce(
      (total, counts) => total + networkBalance(counts, graph.units.live) / used,
      0,
    ),
  };
  if (stability) facts.stability = stability.rand;
  // Joint histograms are of the training fold alone.
  if (test && analysis.affinity !== 'mutual-information') {
    const scores = graphCorrelation(test, graph.ranges, graph.units);
    facts.heldOutNcut = sum(
      normalisedCut(graph.n, affinity(analysis.affinity, graph.n, scores), labels, used),
    );
  }
  return facts;
}

function cutArrays(
  graph: Graph,
  correlation: Float64Array,
  { k: used, labels, ncut }: Cut,
  k: number,
  stability: Stability | null,
): NamedArray[] {
  const members = memberCounts(graph, labels, used);
  const { within, between } = meanScores(graph.n, correlation, labels, used);
  const toCentre = correlationWithCentre(graph.n, correlation, labels, used);
  const centreMean = new Float64Array(used);
  const sizes = new Float64Array(used);
  labels.forEach((label, unit) => {
    sizes[label]++;
    centreMean[label] += toCentre[unit];
  });
  const columns: Record<(typeof clusterColumns)[number], Float64Array> = {
    size: sizes,
    ncut,
    balance: Float64Array.from(members, (counts) => networkBalance(counts, graph.units.live)),
    meanWithin: within,
    meanBetween: between,
    meanToCentre: centreMean.map((total, label) => (sizes[label] > 0 ? total / sizes[label] : 0)),
    stability: stability?.jaccard ?? new Float64Array(used),
  };
  const table = new Float64Array(used * clusterColumns.length);
  clusterColumns.forEach((name, column) => {
    for (let label = 0; label < used; label++)
      table[label * clusterColumns.length + column] = columns[name][label];
  });
  const counts = Int32Array.from(members.flat());
  return [
    indices(`labels-${k}`, labels),
    values(`to-centre-${k}`, toCentre),
    matrix(`cluster-table-${k}`, used, clusterColumns.length, table),
    { name: `members-${k}`, dtype: 'int32', rows: used, cols: graph.ranges.length, data: counts },
  ];
}

/** How many images the average inputs are of, and the size of one. */
function averageInputFacts(average: AverageInput | null): Record<string, number> {
  if (!average) return {};
  const { images, channels, rows, cols } = average;
  return {
    averageInputImages: images,
    averageInputChannels: channels,
    averageInputRows: rows,
    averageInputCols: cols,
  };
}

/** The average input of every cluster's members in every network, clusters first. */
function averageInputs(average: AverageInput | null, graph: Graph, cut: Cut, k: number): NamedArray[] {
  if (!average) return [];
  const data = clusterInputs(average, graph.ranges, graph.units, cut.labels, cut.k);
  const rows = cut.k * graph.ranges.length;
  return [
    { name: `average-input-${k}`, dtype: 'float32', rows, cols: rows > 0 ? data.length / rows : 0, data },
  ];
}

/** Ward's dendrogram on the embedding of the most clusters asked for, and its cut into as many. */
function hierarchy(graph: Graph, correlation: Float64Array, k: number): NamedArray[] {
  const used = Math.min(k, graph.n);
  const { linkage, leaves } = wardDendrogram(graph.n, used, spectralEmbedding(graph.n, used, graph.vectors));
  return [
    matrix('linkage', Math.max(0, graph.n - 1), 4, linkage),
    indices('leaf-order', leaves),
    orderedCorrelation(graph.n, correlation, leaves),
    indices('hierarchy-labels', cutDendrogram(graph.n, linkage, used)),
  ];
}

/** Correlations of all live units in the order of the dendrogram's leaves. */
function orderedCorrelation(n: number, correlation: Float64Array, leaves: Int32Array): NamedArray {
  return bandedMatrix('joint-ordered', 'float32', { rows: n, cols: n }, (first, count) => {
    const data = new Float32Array(count * n);
    leaves.subarray(first, first + count).forEach((from, row) => {
      for (let col = 0; col < n; col++) data[row * n + col] = correlation[from * n + leaves[col]];
    });
    return data;
  });
}

/** Members of every cluster per network. */
function memberCounts({ units, ranges }: Graph, labels: Int32Array, k: number): number[][] {
  const counts = Array.from({ length: k }, () => ranges.map(() => 0));
  labels.forEach((label, unit) => counts[label][units.network[unit]]++);
  return counts;
}

function sum(list: Float64Array): number {
  return list.reduce((total, value) => total + value, 0);
}
