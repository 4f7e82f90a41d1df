import { networkLook } from '../colour/sets.ts';
import type { HeatmapData } from '../data.ts';
import { colourBar, colourBarWidthMm, heatCells } from '../layout/heat-panel.ts';
import { headMarks } from '../layout/head.ts';
import { heatmapRange } from '../layout/heatmap.ts';
import type { LaidOut, Slot } from '../layout/slot.ts';
import { capMm, lineMark, textMark } from '../layout/style.ts';
import type { FigureStyle } from '../layout/style.ts';
import type { BoxMm, Mark } from '../scene.ts';
import type { PanelOf } from '../spec.ts';
import { matrixTables } from '../table-rows.ts';
import { fitFirst, textWidthMm } from '../text.ts';
import { dendrogramCut, type DendrogramCut } from './dendrogram-cut.ts';
import { rangeWords, samplingWords } from '../words.ts';
import { pairTitle } from './pair-title.ts';
import type { Panel } from './panel.ts';
import type { ClusterJointData } from './panel-data.ts';

/** A bracket: two arms down to what it joins, and the bar between them, in shares of the leaves and of the height. */
interface Bracket {
  left: number;
  right: number;
  leftHeight: number;
  rightHeight: number;
  height: number;
}

/** Brackets of a linkage in scipy's form; leaves stand in the middle of their cell. */
export function bracketsOf(linkage: ArrayLike<number>, leafOrder: ArrayLike<number>): Bracket[] {
  const leaves = leafOrder.length;
  const place = new Float64Array(2 * leaves - 1);
  const height = new Float64Array(2 * leaves - 1);
  for (let at = 0; at < leaves; at++) place[leafOrder[at]] = (at + 0.5) / leaves;
  const brackets: Bracket[] = [];
  for (let step = 0; step < leaves - 1; step++) {
    const [one, other, distance] = [linkage[4 * step], linkage[4 * step + 1], linkage[4 * step + 2]];
    const [left, right] = place[one] <= place[other] ? [one, other] : [other, one];
    brackets.push({
      left: place[left],
      right: place[right],
      leftHeight: height[left],
      rightHeight: height[right],
      height: distance,
    });
    place[leaves + step] = (place[left] + place[right]) / 2;
    height[leaves + step] = distance;
  }
  return brackets;
}

const heatmapOf = (data: ClusterJointData): HeatmapData => ({
  matrix: data.joint,
  rowLabel: 'Unit',
  colLabel: 'Unit',
  valueLabel: 'Correlation r',
});

/** Networks of the units along an edge of the matrix. */
function strip(
  data: ClusterJointData,
  place: { x: number; y: number; side: number; thick: number },
  along: 'x' | 'y',
  style: FigureStyle,
): Mark[] {
  const leaves = data.leafOrder.length;
  const cell = place.side / leaves;
  const marks: Mark[] = [];
  for (let from = 0; from < leaves;) {
    const network = data.network[data.leafOrder[from]];
    let to = from + 1;
    while (to < leaves && data.network[data.leafOrder[to]] === network) to++;
    const fill = networkLook(network, style.theme).colour;
    const [start, length] = [from * cell, (to - from) * cell];
    marks.push(
      along === 'x'
        ? { kind: 'rect', xMm: place.x + start, yMm: place.y, widthMm: length, heightMm: place.thick, fill }
        : { kind: 'rect', xMm: place.x, yMm: place.y + start, widthMm: place.thick, heightMm: length, fill },
    );
    from = to;
  }
  return marks;
}

function layout(
  spec: PanelOf<'cluster-joint'>,
  data: ClusterJointData,
  style: FigureStyle,
  slot: Slot,
): LaidOut {
  const range = heatmapRange(spec, heatmapOf(data));
  const barGapMm = 0.9 * style.emMm;
  const rightMm = Math.max(slot.rightMm ?? 0, style.marginMm + barGapMm + colourBarWidthMm(range, style));
  const thick = 0.55 * style.emMm;
  const gap = 0.2 * style.emMm;
  const leftMm = Math.max(slot.leftMm ?? 0, style.marginMm + thick + gap);
  const legend = data.networks.map((label, at) => ({
    label,
    colour: networkLook(at, style.theme).colour,
    shape: 'square' as const,
  }));
  const title = spec.title ?? pairTitle(data);
  const head = headMarks({ title, legend }, leftMm, style.widthMm - leftMm - style.marginMm, style);
  const side = style.widthMm - leftMm - rightMm;
  const treeMm = 0.22 * side;
  const headMm = Math.max(slot.headMm ?? 0, head.heightMm + treeMm + thick + 2 * gap);
  const box = { xMm: leftMm, yMm: headMm, widthMm: side, heightMm: side };
  const treeTop = headMm - treeMm - thick - 2 * gap;
  const cut = dendrogramCut(data.linkage, data.leafOrder.length, data.leafOrder, data.k);
  const groups = groupMarks(cut, box, style);
  const marks: Mark[] = [
    ...head.marks,
    ...treeMarks(data, cut, { x: leftMm, y: treeTop, width: side, height: treeMm }, style),
    ...strip(data, { x: leftMm, y: headMm - thick - gap, side, thick }, 'x', style),
    ...strip(data, { x: leftMm - thick - gap, y: headMm, side, thick }, 'y', style),
    ...heatCells(box, data.joint, spec.colours, range, style),
    ...borderMarks(cut, box, style),
    ...groups.marks,
    ...colourBar(
      { xMm: leftMm + side + barGapMm, yMm: headMm, heightMm: side },
      spec.colours,
      range,
      [{ text: 'Correlation ' }, { text: 'r', italic: true }],
      style,
    ),
  ];
  const place = {
    sizePt: style.textPt,
    fill: style.ink.text,
    anchor: 'middle' as const,
    baseline: 'cap-top' as const,
  };
  const labels = [
    `${data.leafOrder.length} units of ${data.networks.length} networks, in the order of the dendrogram`,
    `${data.leafOrder.length} units in the order of the dendrogram`,
    `${data.leafOrder.length} units`,
  ];
  marks.push(
    textMark(
      fitFirst(labels, style.textPt, side, style.family),
      leftMm + side / 2,
      headMm + side + groups.heightMm + style.labelGapMm,
      place,
    ),
  );
  const footMm = Math.max(
    slot.footMm ?? 0,
    groups.heightMm + style.labelGapMm + capMm(style.textPt) + 0.25 * style.emMm + style.marginMm,
  );
  return { heightMm: headMm + side + footMm, marks, headMm, footMm, leftMm, rightMm, isFixed: true };
}

/** Thin lines between groups, over the whole matrix. */
function borderMarks({ groups }: DendrogramCut, box: BoxMm, style: FigureStyle): Mark[] {
  const stroke = { colour: style.ink.line, widthPt: Math.max(0.25, 0.7 * style.linePt) };
  const total = groups.at(-1)?.to ?? 1;
  return groups.slice(1).flatMap(({ from }): Mark[] => {
    const share = from / total;
    const [x, y] = [box.xMm + share * box.widthMm, box.yMm + share * box.heightMm];
    return [
      lineMark(x, box.yMm, x, box.yMm + box.heightMm, stroke),
      lineMark(box.xMm, y, box.xMm + box.widthMm, y, stroke),
    ];
  });
}

/** A bracket and a number under every group; numbers that have no room are left out. */
function groupMarks(
  { groups }: DendrogramCut,
  box: BoxMm,
  style: FigureStyle,
): { marks: Mark[]; heightMm: number } {
  if (groups.length < 2) return { marks: [], heightMm: 0 };
  const stroke = { colour: style.ink.line, widthPt: Math.max(0.25, 0.8 * style.linePt) };
  const total = groups[groups.length - 1].to;
  const top = box.yMm + box.heightMm + 0.3 * style.emMm;
  const arm = 0.3 * style.emMm;
  const inset = Math.min(0.12 * style.emMm, (0.1 * box.widthMm) / total);
  const marks = groups.flatMap(({ from, to }, at): Mark[] => {
    const [left, right] = [from, to].map((leaf) => box.xMm + (leaf / total) * box.widthMm);
    const [x0, x1] = [left + inset, right - inset];
    const bracket: Mark = {
      kind: 'polyline',
      pointsMm: [x0, top, x0, top + arm, x1, top + arm, x1, top],
      stroke,
    };
    const text = String(at + 1);
    if (textWidthMm([{ text }], style.smallPt, 'regular', style.family) > right - left + 0.2 * style.emMm)
      return [bracket];
    const place = {
      sizePt: style.smallPt,
      fill: style.ink.text,
      anchor: 'middle',
      baseline: 'cap-top',
    } as const;
    return [bracket, textMark(text, (left + right) / 2, top + arm + 0.25 * style.emMm, place)];
  });
  return { marks, heightMm: 0.85 * style.emMm + capMm(style.smallPt) };
}

function treeMarks(
  data: ClusterJointData,
  cut: DendrogramCut,
  box: { x: number; y: number; width: number; height: number },
  style: FigureStyle,
): Mark[] {
  const brackets = bracketsOf(data.linkage, data.leafOrder);
  const most = Math.max(...brackets.map(({ height }) => height)) || 1;
  const x = (share: number): number => box.x + share * box.width;
  const y = (height: number): number => box.y + (1 - height / most) * box.height;
  const stroke = { colour: style.ink.line, widthPt: Math.max(0.25, 0.8 * style.linePt) };
  const level = y(cut.height);
  const dashes = { ...stroke, colour: style.ink.quiet, dashPt: [2, 1.5] };
  const cutLine = cut.groups.length > 1 ? [lineMark(box.x, level, box.x + box.width, level, dashes)] : [];
  const tree = brackets.map((bracket): Mark => {
    const top = y(bracket.height);
    const pointsMm = [x(bracket.left), y(bracket.leftHeight), x(bracket.left), top];
    pointsMm.push(x(bracket.right), top, x(bracket.right), y(bracket.rightHeight));
    return { kind: 'polyline', pointsMm, stroke };
  });
  return [...cutLine, ...tree];
}

/** All units of both networks, grouped. */
export const clusterJoint: Panel<'cluster-joint'> = {
  label: 'Clusters: dendrogram and joint correlations',
  layout,
  caption: (spec, data) =>
    `Correlations between all units of ${data.layer} in ${data.networks.join(' and ')}, in the order of the dendrogram above` +
    ` (agglomerative clustering of the spectral embedding; height, its distance), ${rangeWords(spec.colours, heatmapRange(spec, heatmapOf(data)))}.` +
    (data.k > 1 ? ` Lines and brackets: its ${data.k} groups where it is cut at the dashed height.` : '') +
    ` Coloured strips: the network of each unit; ${samplingWords(data.sampling)}.`,
  tables(_spec, data) {
    const names = Array.from(
      data.leafOrder,
      (leaf) => `${data.networks[data.network[leaf]]} ${data.unit[leaf]}`,
    );
    return [
      ...matrixTables('joint', 'unit', data.joint, names, names),
      {
        name: 'linkage',
        header: ['one', 'other', 'distance', 'size'],
        rows: Array.from({ length: data.linkage.length / 4 }, (_, at) =>
          [0, 1, 2, 3].map((col) => data.linkage[4 * at + col]),
        ),
      },
    ];
  },
};
