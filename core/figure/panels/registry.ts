import type { LaidOut, Slot } from '../layout/slot.ts';
import type { FigureStyle } from '../layout/style.ts';
import type { PanelKind, PanelOf, PanelSpec } from '../spec.ts';
import type { FigureTable } from '../table-rows.ts';
import { activationMeans } from './activation-means.ts';
import { canonicalCorrelations } from './canonical-correlations.ts';
import { clusterAverages } from './cluster-averages.ts';
import { clusterJoint } from './cluster-joint.ts';
import { codeRotations, codeScores } from './code.ts';
import { correlationQuad, layerMeans, matchingCurves } from './first-panels.ts';
import { informationScatter } from './information-scatter.ts';
import { layerMap } from './layer-map.ts';
import { mappingCurve } from './mapping-curve.ts';
import { mappingTarget } from './mapping-target.ts';
import { mappingWeights } from './mapping-weights.ts';
import { matchCertainty } from './match-certainty.ts';
import { matchedUnits } from './matched-units.ts';
import { convergence, neighbourhoodCurve } from './networks.ts';
import { sharedSpace } from './shared-space.ts';
import type { Panel } from './panel.ts';
import type { PanelData, PanelDataOf } from './panel-data.ts';

const panels: { [K in PanelKind]: Panel<K> } = {
  'correlation-quad': correlationQuad,
  'matched-units': matchedUnits,
  'matching-curves': matchingCurves,
  'layer-means': layerMeans,
  'mapping-weights': mappingWeights,
  'mapping-curve': mappingCurve,
  'mapping-target': mappingTarget,
  'cluster-averages': clusterAverages,
  'cluster-joint': clusterJoint,
  'information-scatter': informationScatter,
  'activation-means': activationMeans,
  'layer-map': layerMap,
  'canonical-correlations': canonicalCorrelations,
  'shared-space': sharedSpace,
  'match-certainty': matchCertainty,
  'code-scores': codeScores,
  'code-rotations': codeRotations,
  convergence,
  'neighbourhood-curve': neighbourhoodCurve,
};

/** The data of a panel is that of its kind: the one place where the compiler has to be told. */
function of<K extends PanelKind>(spec: PanelSpec, data: PanelData) {
  return {
    panel: panels[spec.kind as K] as Panel<K>,
    spec: spec as PanelOf<K>,
    data: data as PanelDataOf[K],
  };
}

export function panelLabel(kind: PanelKind): string {
  return panels[kind].label;
}

export function layoutPanel(spec: PanelSpec, data: PanelData, style: FigureStyle, slot: Slot): LaidOut {
  const own = of(spec, data);
  return own.panel.layout(own.spec, own.data, style, slot);
}

export function panelCaption(spec: PanelSpec, data: PanelData, letters: string[]): string {
  const own = of(spec, data);
  return own.panel.caption(own.spec, own.data, letters);
}

export function panelTables(spec: PanelSpec, data: PanelData, letters: string[]): FigureTable[] {
  const own = of(spec, data);
  return own.panel.tables(own.spec, own.data, letters);
}
