import type {
  CorrelationQuadData,
  HeatmapData,
  LayerMeansData,
  MatchingCurvesData,
  Matrix,
  Sampling,
} from '../data.ts';
import type { Cut, SpaceData } from '../../space/space-data.ts';
import type { IndexedImage, RgbImage } from '../scene.ts';
import type { PanelKind } from '../spec.ts';

/** Two networks at one layer, and what the numbers were taken over. */
export interface PairData {
  layer: string;
  networkA: string;
  networkB: string;
  sampling: Sampling;
}

export type Picture = IndexedImage | RgbImage;

export interface MatchedUnit {
  unitA: number;
  unitB: number;
  value: number;
  /** Inputs that excite the unit most, strongest first. */
  inputsA: Picture[];
  inputsB: Picture[];
}

export interface MatchedUnitsData extends PairData {
  /** From the highest correlation down, and from the lowest up. */
  best: MatchedUnit[];
  worst: MatchedUnit[];
}

export interface MappingPoint {
  alpha: number;
  sourcesMean: number;
  loss: number;
  heldOutLoss?: number;
  randomSourcesLoss?: number;
}

export interface MappingCurveData extends PairData {
  /** From many sources to few. */
  points: MappingPoint[];
  leastSquaresLoss: number;
  bestSingleLoss: number;
}

export interface MappingWeightsData extends PairData {
  alpha: number;
  /** Units of B by units of A, standardised. */
  weights: Matrix;
  sourcesMedian: number;
}

export interface MappingTargetData extends PairData {
  alpha: number;
  unit: number;
  /** By absolute weight, largest first; correlation of each source with the target. */
  sources: { unit: number; weight: number; correlation: number; inputs?: Picture[] }[];
  /** Top inputs of the target, where pictures are stored. */
  inputs?: Picture[];
  loss: number;
  bestSingleLoss: number;
  leastSquaresLoss: number;
}

export interface ClusterAveragesData extends PairData {
  networks: string[];
  /** One entry a cluster: its number, units and stability, and one picture a network (null where it has no unit). */
  clusters: { cluster: number; size: number; pictures: (Float32Array | null)[] }[];
  channels: number;
  rows: number;
  cols: number;
  images: number;
}

export interface ClusterJointData extends PairData {
  networks: string[];
  /** [units - 1 x 4]: joined clusters, height, size, as scipy writes them. */
  linkage: ArrayLike<number>;
  leafOrder: ArrayLike<number>;
  /** Network of every unit, by joint index. */
  network: ArrayLike<number>;
  unit: ArrayLike<number>;
  /** Groups that the dendrogram is cut into. */
  k: number;
  /** Correlations in the order of the leaves. */
  joint: Matrix;
}

export interface InformationScatterData extends PairData {
  /** Per unit of A: correlation of its correlation match, information of its information match; whether one unit. */
  correlation: ArrayLike<number>;
  information: ArrayLike<number>;
  isSame: ArrayLike<boolean>;
  nullMean?: number;
}

export interface ActivationMeansData {
  layer: string;
  networks: { name: string; means: ArrayLike<number> }[];
  sampling: Sampling;
}

export interface LayerMapData extends HeatmapData {
  networkA: string;
  networkB: string;
  score: 'cka' | 'matching';
  images: number;
}

export interface CanonicalCorrelationsData extends PairData {
  cca: ArrayLike<number>;
  svcca?: ArrayLike<number>;
  ccaMean: number;
  svccaMean?: number;
  /** Canonical correlations that are 1 whatever the data, because samples are few. */
  forced: number;
}

export interface SharedSpaceData extends PairData {
  space: SpaceData;
  /** The clusters that colours and hulls show; null where none are stored. */
  cut: Cut | null;
}

export interface MatchCertaintyData extends PairData {
  /** Per matched unit of A. */
  units: {
    unit: number;
    value: number;
    low: number;
    high: number;
    nullMean: number;
    nullStd: number;
    q: number;
  }[];
  level: number;
  fdr: number;
  resamples: number;
  shuffles: number;
  matchMean: number;
  nullMatchMean: number;
}

export interface CodeScoresData extends PairData {
  permutation: number;
  rotation: number;
  linear: number;
}

export interface CodeRotationsData extends PairData {
  rotated: ArrayLike<number>;
  matchMean: number;
  zScore: number;
}

export interface ConvergenceData {
  networks: string[];
  threshold: number;
  layers: { layer: string; all: number; some: number; one: number; live: number }[];
}

export interface NeighbourhoodCurveData {
  networkA: string;
  networkB: string;
  layers: { layer: string; points: { epsilon: number; similarity: number }[] }[];
}

export interface PanelDataOf {
  'correlation-quad': CorrelationQuadData;
  'matched-units': MatchedUnitsData;
  'matching-curves': MatchingCurvesData;
  'layer-means': LayerMeansData;
  'mapping-weights': MappingWeightsData;
  'mapping-curve': MappingCurveData;
  'mapping-target': MappingTargetData;
  'cluster-averages': ClusterAveragesData;
  'cluster-joint': ClusterJointData;
  'information-scatter': InformationScatterData;
  'activation-means': ActivationMeansData;
  'layer-map': LayerMapData;
  'canonical-correlations': CanonicalCorrelationsData;
  'shared-space': SharedSpaceData;
  'match-certainty': MatchCertaintyData;
  'code-scores': CodeScoresData;
  'code-rotations': CodeRotationsData;
  convergence: ConvergenceData;
  'neighbourhood-curve': NeighbourhoodCurveData;
}

export type PanelData = PanelDataOf[PanelKind];
