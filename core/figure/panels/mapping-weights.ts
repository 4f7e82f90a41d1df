import type { HeatmapData } from '../data.ts';
import { heatmapRange, layoutHeatmap } from '../layout/heatmap.ts';
import { matrixTables, numbersTo } from '../table-rows.ts';
import { rangeWords, samplingWords } from '../words.ts';
import { pairTitle } from './pair-title.ts';
import type { Panel } from './panel.ts';
import type { MappingWeightsData } from './panel-data.ts';

function heatmapOf(data: MappingWeightsData): HeatmapData {
  return {
    matrix: data.weights,
    rowLabel: `${data.networkB} unit (target)`,
    colLabel: `${data.networkA} unit (source)`,
    valueLabel: 'Weight w',
    isUnbounded: true,
  };
}

/** Figure 5 of the paper. */
export const mappingWeights: Panel<'mapping-weights'> = {
  label: 'Sparse mapping: weights',
  layout: (spec, data, style, slot) =>
    layoutHeatmap(
      { ...spec, title: spec.title ?? `${pairTitle(data)}, α = ${data.alpha}` },
      heatmapOf(data),
      style,
      slot,
    ),
  caption: (spec, data) =>
    `Weights w of the sparse mapping of ${data.layer} from ${data.networkA} (columns) to ${data.networkB} (rows),` +
    ` units standardised, penalty α = ${data.alpha} (median ${data.sourcesMedian} sources a target),` +
    ` ${rangeWords(spec.colours, heatmapRange(spec, heatmapOf(data)))}; ${samplingWords(data.sampling)}.`,
  tables: (_spec, data) =>
    matrixTables('weights', `${data.networkB} unit`, data.weights, numbersTo(data.weights.cols)),
};
