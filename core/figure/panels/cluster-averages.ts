import { levelOf, paletteOf } from '../colour/maps.ts';
import { colourBar, colourBarWidthMm, symmetricalRange } from '../layout/heat-panel.ts';
import { headMarks } from '../layout/head.ts';
import type { LaidOut, Slot } from '../layout/slot.ts';
import { capMm, textMark } from '../layout/style.ts';
import type { FigureStyle } from '../layout/style.ts';
import type { Mark, IndexedImage, RgbImage } from '../scene.ts';
import type { Cell } from '../table-rows.ts';
import { textWidthMm } from '../text.ts';
import { formatCount } from '../ticks.ts';
import { pairTitle } from './pair-title.ts';
import type { Panel } from './panel.ts';
import type { ClusterAveragesData } from './panel-data.ts';

/** The largest magnitude of all pictures: one range for all, so that they compare. */
function mostOf({ clusters }: ClusterAveragesData): number {
  let most = 0;
  for (const { pictures } of clusters) {
    for (const picture of pictures) for (const value of picture ?? []) most = Math.max(most, Math.abs(value));
  }
  return most || 1;
}

/** Grey inputs in the diverging map; colour inputs as deviations from mid-grey. */
function pictureOf(values: Float32Array, most: number, data: ClusterAveragesData): IndexedImage | RgbImage {
  const { rows, cols, channels } = data;
  if (channels !== 3) {
    const cells = Uint8Array.from({ length: rows * cols }, (_, at) => levelOf((values[at] / most + 1) / 2));
    return { rows, cols, cells, palette: paletteOf('diverging') };
  }
  const rgb = new Uint8Array(3 * rows * cols);
  for (let channel = 0; channel < 3; channel++) {
    for (let at = 0; at < rows * cols; at++) {
      rgb[3 * at + channel] = Math.round(127.5 * (1 + values[channel * rows * cols + at] / most));
    }
  }
  return { rows, cols, rgb };
}

function layout(title: string, data: ClusterAveragesData, style: FigureStyle, slot: Slot): LaidOut {
  const most = mostOf(data);
  const range = symmetricalRange(most);
  const hasBar = data.channels !== 3;
  const barGapMm = 0.9 * style.emMm;
  const rightMm = style.marginMm + (hasBar ? barGapMm + colourBarWidthMm(range, style) : 0);
  const namesMm = Math.max(
    ...data.networks.map((name) => textWidthMm([{ text: name }], style.textPt, 'regular', style.family)),
  );
  const leftMm = Math.max(slot.leftMm ?? 0, style.marginMm + namesMm + 0.6 * style.emMm);
  const head = headMarks({ title, legend: [] }, leftMm, style.widthMm - leftMm - style.marginMm, style);
  const headMm = Math.max(slot.headMm ?? 0, head.heightMm + 0.9 * style.emMm);
  const innerMm = style.widthMm - leftMm - rightMm;
  const gapMm = 0.4 * style.emMm;
  const pitchMm = Math.min((innerMm + gapMm) / data.clusters.length, 8 * style.emMm);
  const sideMm = pitchMm - gapMm;
  const tallMm = (sideMm * data.rows) / data.cols;
  const marks: Mark[] = [...head.marks];
  const small = { sizePt: style.smallPt, fill: style.ink.text };
  data.clusters.forEach(({ cluster, size, pictures }, at) => {
    const xMm = leftMm + at * pitchMm;
    const centre = xMm + sideMm / 2;
    marks.push(
      textMark(String(cluster + 1), centre, headMm - 0.45 * style.emMm, { ...small, anchor: 'middle' }),
    );
    pictures.forEach((picture, row) => {
      const yMm = headMm + row * (tallMm + gapMm);
      const box = { xMm, yMm, widthMm: sideMm, heightMm: tallMm };
      if (picture) marks.push({ kind: 'image', ...box, image: pictureOf(picture, range.max, data) });
      const widthPt = Math.max(0.25, style.linePt / 2);
      marks.push({ kind: 'rect', ...box, stroke: { colour: style.ink.line, widthPt } });
      if (!picture) {
        const place = {
          ...small,
          fill: style.ink.quiet,
          anchor: 'middle' as const,
          baseline: 'cap-middle' as const,
        };
        marks.push(textMark('none', centre, yMm + tallMm / 2, place));
      }
    });
    const foot = headMm + pictures.length * (tallMm + gapMm) - gapMm + 0.45 * style.emMm;
    const place = {
      ...small,
      fill: style.ink.quiet,
      anchor: 'middle' as const,
      baseline: 'cap-top' as const,
    };
    marks.push(
      textMark(
        size === 1 ? '1 unit' : sideMm > 4 * style.emMm ? `${size} units` : String(size),
        centre,
        foot,
        place,
      ),
    );
  });
  data.networks.forEach((name, row) => {
    const place = {
      sizePt: style.textPt,
      fill: style.ink.text,
      anchor: 'end' as const,
      baseline: 'cap-middle' as const,
    };
    marks.push(
      textMark(name, leftMm - 0.6 * style.emMm, headMm + row * (tallMm + gapMm) + tallMm / 2, place),
    );
  });
  const boxMm = data.networks.length * (tallMm + gapMm) - gapMm;
  const label = 'Average input, z';
  if (hasBar) {
    const xMm = leftMm + data.clusters.length * pitchMm - gapMm + barGapMm;
    marks.push(...colourBar({ xMm, yMm: headMm, heightMm: boxMm }, 'diverging', range, label, style));
  }
  const footMm = Math.max(slot.footMm ?? 0, 0.45 * style.emMm + capMm(style.smallPt) + style.marginMm);
  return { heightMm: headMm + boxMm + footMm, marks, headMm, footMm, leftMm, rightMm, isFixed: true };
}

/** Inputs that each group of units answers to, network by network. */
export const clusterAverages: Panel<'cluster-averages'> = {
  label: 'Clusters: average inputs',
  layout: (spec, data, style, slot) =>
    layout(spec.title ?? `${pairTitle(data)}, ${data.clusters.length} clusters`, data, style, slot),
  caption: (_spec, data) =>
    `Average inputs of the ${data.clusters.length} spectral clusters of units of ${data.layer}` +
    ` (columns; numbers of units below) in ${data.networks.join(' and ')} (rows): inputs weighted by the standardised activation` +
    ` of the cluster's units, less the plain average, over ${formatCount(data.images)} images. Red, brighter than usual where` +
    ` the cluster is active; one range for all.`,
  tables: (_spec, data) => [
    {
      name: 'averages',
      header: ['cluster', 'network', 'pixel', 'value'],
      rows: data.clusters.flatMap(({ cluster, pictures }) =>
        pictures.flatMap((picture, at) =>
          Array.from(picture ?? [], (value, pixel): Cell[] => [cluster + 1, data.networks[at], pixel, value]),
        ),
      ),
    },
  ],
};
