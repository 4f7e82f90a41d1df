import { layoutCorrelationQuad } from '../layout/correlation-quad.ts';
import { layoutLayerMeans } from '../layout/layer-means.ts';
import { layoutMatchingCurves } from '../layout/matching-curves.ts';
import { curvesCaption, meansCaption, quadCaption } from './first-captions.ts';
import { curvesTables, meansTables, quadTables } from './first-tables.ts';
import type { Panel } from './panel.ts';

const letterOr = (letters: string[]): string[] =>
  letters.map((letter, at) => letter || String.fromCharCode(97 + at));

/** Figure 1 of the paper. */
export const correlationQuad: Panel<'correlation-quad'> = {
  label: 'Correlations within and between the networks',
  layout: layoutCorrelationQuad,
  caption: (spec, data, letters) => quadCaption(spec, data, letterOr(letters)),
  tables: (_spec, data, letters) => quadTables(data, letterOr(letters)),
};

/** Figure 3. */
export const matchingCurves: Panel<'matching-curves'> = {
  label: 'Matched units',
  layout: layoutMatchingCurves,
  caption: (spec, data) => curvesCaption(spec, data),
  tables: (spec, data) => curvesTables(spec, data),
};

/** Figure 4. */
export const layerMeans: Panel<'layer-means'> = {
  label: 'Mean correlation by layer',
  layout: layoutLayerMeans,
  caption: (spec, data) => meansCaption(data, spec.dots),
  tables: (_spec, data) => meansTables(data),
};
