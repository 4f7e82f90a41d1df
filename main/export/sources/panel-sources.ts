import { AppError } from '#core/errors.ts';
import type { PanelDataOf } from '#core/figure/panels/panel-data.ts';
import type { PanelKind, PanelOf } from '#core/figure/spec.ts';
import { clusterAveragesData, clusterJointData } from './cluster-sources.ts';
import { mappingCurveData, mappingTargetData, mappingWeightsData } from './mapping-sources.ts';
import { matchedUnitsData } from './matched-units-source.ts';
import {
  activationMeansData,
  canonicalCorrelationsData,
  codeRotationsData,
  codeScoresData,
  convergenceData,
  layerMapData,
  neighbourhoodCurveData,
} from './ladder-sources.ts';
import {
  correlationQuadData,
  informationScatterData,
  layerMeansData,
  matchCertaintyData,
  matchingCurvesData,
} from './matching-sources.ts';
import { sharedSpaceData } from './shared-space-source.ts';
import type { PairPlace, RunSource } from './run-source.ts';

/** Where the numbers of a panel come from. */
export type PanelSource<K extends PanelKind> = (
  source: RunSource,
  panel: PanelOf<K>,
  place: PairPlace,
) => Promise<PanelDataOf[K]>;

const sources: { [K in PanelKind]: PanelSource<K> } = {
  'correlation-quad': correlationQuadData,
  'matched-units': matchedUnitsData,
  'matching-curves': matchingCurvesData,
  'layer-means': layerMeansData,
  'mapping-weights': mappingWeightsData,
  'mapping-curve': mappingCurveData,
  'mapping-target': mappingTargetData,
  'cluster-averages': clusterAveragesData,
  'cluster-joint': clusterJointData,
  'information-scatter': informationScatterData,
  'activation-means': activationMeansData,
  'layer-map': layerMapData,
  'canonical-correlations': canonicalCorrelationsData,
  'shared-space': sharedSpaceData,
  'match-certainty': matchCertaintyData,
  'code-scores': codeScoresData,
  'code-rotations': codeRotationsData,
  convergence: convergenceData,
  'neighbourhood-curve': neighbourhoodCurveData,
};

/** Reads what a panel shows. Throws `not-found` where the run has not computed or stored it. */
export function panelData<K extends PanelKind>(
  source: RunSource,
  panel: PanelOf<K>,
  place: PairPlace,
): Promise<PanelDataOf[K]> {
  const read = sources[panel.kind] as PanelSource<K> | undefined;
  if (!read) throw new AppError('bad-request', `There is no figure of kind "${panel.kind}".`);
  return read(source, panel, place);
}
