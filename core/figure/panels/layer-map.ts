import { layoutHeatmap } from '../layout/heatmap.ts';
import { matrixTables } from '../table-rows.ts';
import { formatCount } from '../ticks.ts';
import { rangeWords } from '../words.ts';
import type { Panel } from './panel.ts';

const scoreNames = { cka: 'linear CKA', matching: 'mean correlation of one-to-one matches' };

const upper = (text: string): string => text[0].toUpperCase() + text.slice(1);

/** Both scores end at 1; what is below 0 is no likeness. */
const wholeRange = { min: 0, max: 1 };

/** Which layer corresponds to which. */
export const layerMap: Panel<'layer-map'> = {
  label: 'Layer by layer',
  layout: (spec, data, style, slot) =>
    layoutHeatmap(
      {
        ...spec,
        range: spec.range ?? wholeRange,
        title: spec.title ?? `${data.networkA} and ${data.networkB}`,
      },
      data,
      style,
      slot,
    ),
  caption: (spec, data) =>
    `Likeness of every layer of ${data.networkA} (rows) with every layer of ${data.networkB} (columns).` +
    ` ${upper(scoreNames[data.score])} over ${formatCount(data.images)} images, one value a unit and image,` +
    ` ${rangeWords(spec.colours, spec.range ?? wholeRange)}.`,
  tables: (_spec, data) =>
    matrixTables('layers', `${data.networkA} layer`, data.matrix, data.colNames ?? [], data.rowNames),
};
