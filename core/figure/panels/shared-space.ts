import { lensOf, type Camera } from '../../scene3d/camera.ts';
import { placeLabels, type LabelType, type PlacedLabel } from '../../scene3d/labels.ts';
import type { SceneLabel } from '../../scene3d/scene-data.ts';
import { rasterise } from '../../scene3d/rasterise.ts';
import { buildScene, sceneInks, type BuiltScene, type SceneChoices } from '../../space/build-scene.ts';
import { usableAxes, type Axes } from '../../space/frames.ts';
import { formatCorrelation, formatPercent } from '../../text/number-words.ts';
import { networkLook } from '../colour/sets.ts';
import { drawnImage } from '../drawn-image.ts';
import { colourBar, colourBarWidthMm } from '../layout/heat-panel.ts';
import { headMarks, legendText, unlessKnown } from '../layout/head.ts';
import type { LegendItem } from '../layout/legend.ts';
import type { LaidOut, Slot } from '../layout/slot.ts';
import { capMm, textMark } from '../layout/style.ts';
import type { FigureStyle } from '../layout/style.ts';
import type { BoxMm, Mark } from '../scene.ts';
import type { PanelOf } from '../spec.ts';
import type { Cell } from '../table-rows.ts';
import { fitText, textWidthMm } from '../text.ts';
import { formatNumber } from '../ticks.ts';
import { mmOf } from '../units.ts';
import { samplingWords } from '../words.ts';
import { pairTitle } from './pair-title.ts';
import type { Panel } from './panel.ts';
import type { SharedSpaceData } from './panel-data.ts';

type Spec = PanelOf<'shared-space'>;

/** Marks and lines are as large beside the type as in the window: one of its pixels is this share of the type's size. */
const pixelEm = 1 / 18;
/** A narrow picture is at least this wide in those pixels: its marks are smaller, not crowded. */
const leastPixels = 480;
/** More keys than this say less than the colours themselves. */
const mostKeys = 12;

const cameraOf = ({ azimuth, elevation, zoom, targetX, targetY, targetZ, projection }: Spec): Camera => ({
  ...{ azimuth, elevation, zoom, targetX, targetY, targetZ, projection },
});

const choicesOf = (spec: Spec): SceneChoices => ({
  frame: spec.frame,
  axes: [spec.axisX, spec.axisY, spec.axisZ],
  colouring: spec.colouring,
  hasLinks: spec.links,
  linksFrom: spec.linksFrom,
  hasHulls: spec.hulls,
});

const nothingSelected = { selected: [], isInGroup: null, cluster: null };

function built(spec: Spec, { space, cut, layer }: SharedSpaceData, style: FigureStyle): BuiltScene {
  const scene = buildScene(space, choicesOf(spec), cut, null, nothingSelected, style.theme);
  if (!scene) throw new RangeError(`The units of ${layer} have no places in the frame "${spec.frame}".`);
  return scene;
}

function legendOf(spec: Spec, data: SharedSpaceData, scene: BuiltScene, style: FigureStyle): LegendItem[] {
  const hasOwnColours = scene.legend.kind === 'networks';
  const items = data.space.networks.map(({ name, look }): LegendItem => {
    const { colour, shape } = networkLook(look, style.theme);
    return { label: name, colour: hasOwnColours ? colour : style.ink.quiet, shape: 'glyph', glyph: shape };
  });
  if (scene.legend.kind === 'clusters' && scene.legend.entries.length <= mostKeys) {
    for (const { index, colour } of scene.legend.entries) {
      items.push({
        label: `${index === scene.legend.entries[0].index ? 'cluster ' : ''}${index + 1}`,
        colour,
        shape: 'square',
      });
    }
  }
  if (scene.linkCount > 0) {
    const from = formatNumber(spec.linksFrom, 2).replace(/0$/, '');
    items.push({ label: `match, r ≥ ${from}`, colour: style.ink.quiet, shape: 'line' });
  }
  return items;
}

/** The colours' values, where they are on a scale. */
function scaleOf({ legend }: BuiltScene, { space }: SharedSpaceData) {
  if (legend.kind !== 'scale') return undefined;
  const isShare = legend.low === '0' && legend.high === '1';
  const mean = Array.from(space.mean ?? []).filter(Number.isFinite);
  const range = isShare ? { min: 0, max: 1 } : { min: Math.min(...mean), max: Math.max(...mean) };
  return { range, label: scaleWords[legend.title] ?? legend.title };
}

const scaleWords: Record<string, string> = {
  'share of the other networks that hold the unit': 'Share of other networks that hold the unit',
  'r with its match': 'Correlation with the match',
  'mean activation': 'Mean activation',
};

function layout(spec: Spec, data: SharedSpaceData, style: FigureStyle, slot: Slot): LaidOut {
  const scene = built(spec, data, style);
  const scale = scaleOf(scene, data);
  const barGapMm = 0.9 * style.emMm;
  const barMm = scale ? barGapMm + colourBarWidthMm(scale.range, style) : 0;
  const ownRightMm = style.marginMm + barMm;
  const rightMm = Math.max(slot.rightMm ?? 0, ownRightMm);
  const leftMm = slot.leftMm ?? style.marginMm;
  const legend = legendOf(spec, data, scene, style);
  const title = spec.title ?? pairTitle(data);
  const head = headMarks(
    unlessKnown({ title, legend }, slot.knownLegends),
    leftMm,
    style.widthMm - leftMm - style.marginMm,
    style,
  );
  const headMm = slot.headMm ?? head.heightMm;
  const footMm = slot.footMm ?? style.marginMm;
  const widthMm = style.widthMm - leftMm - rightMm;
  const natural = widthMm * (scene.scene.apart > 0 ? 0.46 : 0.78);
  const heightMm = slot.heightMm ? slot.heightMm - headMm - footMm : natural;
  const box = { xMm: leftMm, yMm: headMm, widthMm, heightMm };
  const marks: Mark[] = [
    ...head.marks,
    ...pictureMarks(spec, scene, box, clusterNumbers(spec, data, scene), style),
  ];
  if (scale) {
    const place = {
      xMm: leftMm + widthMm + barGapMm,
      yMm: headMm + 0.1 * heightMm,
      heightMm: 0.8 * heightMm,
    };
    marks.push(
      ...colourBar(
        place,
        'viridis',
        scale.range,
        fitText(scale.label, style.textPt, heightMm, 'regular', style.family),
        style,
      ),
    );
  }
  return {
    ...{ heightMm: headMm + heightMm + footMm, marks, headMm, footMm, leftMm, rightMm: ownRightMm },
    legend: legendText(legend),
    isFixed: false,
  };
}

/** The scene as a picture of the file's resolution, and its words as text over it. */
function pictureMarks(
  spec: Spec,
  { scene }: BuiltScene,
  box: BoxMm,
  numbers: SceneLabel[],
  style: FigureStyle,
): Mark[] {
  const pixelMm = Math.min(pixelEm * style.emMm, box.widthMm / leastPixels);
  const inks = { ...sceneInks(style.theme), ground: style.ink.ground, text: style.ink.text };
  const camera = cameraOf(spec);
  const image = drawnImage((cols, rows) =>
    rasterise(scene, lensOf(camera, scene.apart, cols, rows), inks, (cols / box.widthMm) * pixelMm),
  );
  const design = lensOf(camera, scene.apart, box.widthMm / pixelMm, box.heightMm / pixelMm);
  const frameWords = scene.labels.map((label) => ({
    ...label,
    text: label.text.replace(/^(canonical|profile) /, ''),
  }));
  const words = placeLabels([...frameWords, ...numbers], design, labelType(style, pixelMm)).flatMap((label) =>
    wordMarks(label, box, pixelMm, style),
  );
  const isCut =
    spec.zoom > 1.02 || [spec.targetX, spec.targetY, spec.targetZ].some((value) => Math.abs(value) > 0.02);
  const widthPt = Math.max(0.25, style.linePt / 2);
  const frame: Mark[] = isCut ? [{ kind: 'rect', ...box, stroke: { colour: style.ink.quiet, widthPt } }] : [];
  return [{ kind: 'image', ...box, image, isSmooth: true }, ...frame, ...words];
}

const pointsOf = (style: FigureStyle) => ({ axis: style.smallPt, tick: style.smallPt, title: style.textPt });

function labelType(style: FigureStyle, pixelMm: number): LabelType {
  const points = pointsOf(style);
  const size = (kind: SceneLabel['kind']): number => mmOf(points[kind]) / pixelMm;
  return {
    sizes: { axis: size('axis'), tick: size('tick'), title: size('title') },
    widthOf: (text, kind) => textWidthMm([{ text }], points[kind], weightOf(kind), style.family) / pixelMm,
  };
}

const weightOf = (kind: SceneLabel['kind']): 'bold' | 'regular' => (kind === 'title' ? 'bold' : 'regular');

/** Words on a breath of the page, so that marks behind them do not cross them. */
function wordMarks(label: PlacedLabel, box: BoxMm, pixelMm: number, style: FigureStyle): Mark[] {
  const { kind, anchor } = label;
  const sizePt = pointsOf(style)[kind];
  const text = fitText(label.text, sizePt, box.widthMm, 'regular', style.family);
  const [xMm, yMm] = [box.xMm + label.x * pixelMm, box.yMm + label.y * pixelMm];
  const widthMm = textWidthMm([{ text }], sizePt, weightOf(kind), style.family);
  const left = anchor === 'start' ? xMm : anchor === 'middle' ? xMm - widthMm / 2 : xMm - widthMm;
  const room = 0.12 * style.emMm;
  const heightMm = capMm(sizePt) + 2 * room + 0.1 * style.emMm;
  return [
    {
      ...{ kind: 'rect', xMm: left - room, yMm: yMm - capMm(sizePt) / 2 - room },
      ...{ widthMm: widthMm + 2 * room, heightMm, fill: style.ink.ground, opacity: 0.7 },
    },
    textMark(text, xMm, yMm, {
      sizePt,
      fill: kind === 'tick' ? style.ink.quiet : style.ink.text,
      anchor,
      baseline: 'cap-middle',
      weight: weightOf(kind),
    }),
  ];
}

/** The number of each cluster at its unit farthest from all others, so that its colour is not all that tells it. */
function clusterNumbers(spec: Spec, { cut }: SharedSpaceData, { scene }: BuiltScene): SceneLabel[] {
  if (!cut || (spec.colouring !== 'cluster' && !spec.hulls)) return [];
  const { positions, side } = scene.marks;
  const isApart = scene.apart > 0;
  const rows = [...cut.labels.keys()].filter((row) => cut.labels[row] >= 0);
  const middle = (of: number[]): Point =>
    [0, 1, 2].map((k) => of.reduce((sum, row) => sum + positions[3 * row + k], 0) / of.length) as Point;
  return (isApart ? [-1, 1] : [0]).flatMap((frame) => {
    const here = rows.filter((row) => !isApart || side[row] === frame);
    const centre = middle(here);
    return Array.from({ length: cut.k }, (_, cluster) => cluster).flatMap((cluster): SceneLabel[] => {
      const members = here.filter((row) => cut.labels[row] === cluster);
      if (members.length === 0) return [];
      const way = middle(members).map((value, k) => value - centre[k]);
      const reach = (row: number): number =>
        way.reduce((sum, value, k) => sum + value * (positions[3 * row + k] - centre[k]), 0);
      const end = members.reduce((best, row) => (reach(row) > reach(best) ? row : best));
      const at = centre.map((value, k) => value + 1.12 * (positions[3 * end + k] - value)) as Point;
      return [{ at, side: isApart ? frame : 0, text: String(cluster + 1), kind: 'axis' }];
    });
  });
}

type Point = [x: number, y: number, z: number];

const colourWords: Record<Spec['colouring'], string> = {
  network: 'its network',
  cluster: 'its spectral cluster',
  convergence: 'the share of the other networks that hold it',
  match: 'the correlation with its match',
  mean: 'its mean activation',
};

function frameWords(spec: Spec, { space, networkA, networkB }: SharedSpaceData): string {
  const coordinates = space[spec.frame];
  const axes = usableAxes([spec.axisX, spec.axisY, spec.axisZ] as Axes, coordinates?.dimensions ?? 3);
  const worth = (words: (value: number) => string, values: readonly number[] | undefined): string =>
    axes.map((axis) => words(values?.[axis] ?? NaN)).join(', ');
  const numbers = axes.map((axis) => axis + 1).join(', ');
  if (spec.frame === 'aligned') {
    return (
      `placed by correlation with directions ${numbers} that both networks share: the middles of pairs of canonical` +
      ` variates (canonical correlations ${worth(formatCorrelation, coordinates?.worth)}); circles, correlation 1`
    );
  }
  if (spec.frame === 'own') {
    return (
      `placed by correlation with principal components ${numbers} of its own network (${worth(formatPercent, space.own?.worth)}` +
      ` of the variance in ${networkA}, ${worth(formatPercent, space.own?.otherWorth)} in ${networkB})`
    );
  }
  return (
    `placed by principal components ${numbers} of the correlation profiles, a unit's correlations with all units of both` +
    ` networks (${worth(formatPercent, coordinates?.worth)} of the variance)`
  );
}

/** Units of both networks where the subspaces of their layers put them. */
export const sharedSpace: Panel<'shared-space'> = {
  label: 'Units in a shared space',
  layout,
  caption(spec, data) {
    const { space, cut, layer, networkA, networkB } = data;
    const links = space.matches.r.filter((r) => r >= spec.linksFrom).length;
    const view =
      `seen from azimuth ${formatNumber(spec.azimuth, 1)}° and elevation ${formatNumber(spec.elevation, 1)}°` +
      (spec.projection === 'orthographic' ? ', without perspective' : '');
    const dead = space.deadUnits > 0 ? ` ${space.deadUnits} dead units are left out.` : '';
    return (
      `${space.count} units of ${layer} of ${networkA} and ${networkB}; ${samplingWords(data.sampling)}.` +
      ` Each unit is ${frameWords(spec, data)}.` +
      ` Shape, the network of a unit; colour, ${colourWords[spec.colouring]}${spec.colouring === 'cluster' && cut ? ` of ${cut.k}` : ''}.` +
      (spec.links
        ? ` Lines join the ${links} matched pairs that correlate at least ${formatCorrelation(spec.linksFrom)}.`
        : '') +
      (spec.hulls && cut ? ` Bodies, convex hulls of the ${cut.k} spectral clusters.` : '') +
      ` Larger and stronger is nearer; ${view}.${dead}`
    );
  },
  tables(spec, { space, cut }) {
    const coordinates = space[spec.frame];
    const dimensions = coordinates?.dimensions ?? 0;
    const axes = usableAxes([spec.axisX, spec.axisY, spec.axisZ] as Axes, dimensions);
    const partnerOf = (row: number): Cell[] => {
      const partner = space.partner[row];
      return partner < 0
        ? ['', '', '']
        : [space.networks[space.network[partner]].name, space.unit[partner], space.matchR[row]];
    };
    return [
      {
        name: 'units',
        header: ['network', 'unit', 'x', 'y', 'z', 'cluster', 'match_network', 'match_unit', 'match_r'],
        rows: Array.from({ length: space.count }, (_, row): Cell[] => [
          space.networks[space.network[row]].name,
          space.unit[row],
          ...axes.map((axis) =>
            axis < dimensions ? (coordinates?.values[row * dimensions + axis] ?? 0) : 0,
          ),
          cut && cut.labels[row] >= 0 ? cut.labels[row] + 1 : '',
          ...partnerOf(row),
        ]),
      },
    ];
  },
};
