import { panelNames, type PanelName } from '../../plots/heatmap/linked-viewport.ts';

/** Room around a picture for its caption and its axes; CSS pixels. */
const around = { width: 68, height: 62 };
const gap = { x: 24, y: 8 };
const smallestSide = 96;
/** The least room for what is said of the cell at the cursor, beside the pictures or below them. */
const cardLeast = { width: 216, height: 132 };
/** Where neither is free, this much is kept below. */
const cardStrip = 104;

/** A place on the stage, in CSS pixels from its top left corner. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface PanelLayout {
  panels: Partial<Record<PanelName, Place>>;
  card: Place;
  /** Beside the card, where the pictures leave room for the curves of the matches; null where they do not. */
  curves: Place | null;
}

/** Beside the curves the card takes this width; under the height they cannot be read. */
const cardBeside = 480;
const curvesLeast = { width: 420, height: 168 };

interface Stage {
  width: number;
  height: number;
  /** Columns by rows of the two pictures of A against B. */
  aspect: number;
}

interface Candidate {
  panels: Partial<Record<PanelName, Place>>;
  /** Area of the four pictures; those of A against B count double, for they are what is looked at. */
  worth: number;
}

/**
 * The arrangement with the largest pictures: four in a row, two by two, or the two networks themselves above one
 * another at the left and their comparison, larger, beside them. The card takes the room that is left beside or below
 * the pictures; where neither is large enough, the pictures give way to a strip. With `only`, one panel is as large as
 * the stage allows.
 */
export function layoutPanels(stage: Stage, only: PanelName | null = null): PanelLayout {
  const arrange = (part: Stage): Candidate =>
    only
      ? single(part, only)
      : [inRow(part), twoByTwo(part), leading(part)].reduce((best, candidate) =>
          candidate.worth > best.worth ? candidate : best,
        );
  const whole = arrange(stage);
  const free = freeRoom(stage, whole.panels);
  if (free) return { panels: whole.panels, ...shareOut(free) };
  const { panels } = arrange({ ...stage, height: stage.height - cardStrip - gap.y });
  const top = bottomOf(panels) + gap.y;
  return {
    panels,
    card: { left: 0, top, width: stage.width, height: Math.max(cardStrip, stage.height - top) },
    curves: null,
  };
}

function shareOut(room: Place): Pick<PanelLayout, 'card' | 'curves'> {
  const width = room.width - cardBeside - gap.x;
  if (width < curvesLeast.width || room.height < curvesLeast.height) return { card: room, curves: null };
  return {
    card: { ...room, width: cardBeside },
    curves: { ...room, left: room.left + cardBeside + gap.x, width },
  };
}

function single({ width, height, aspect }: Stage, only: PanelName): Candidate {
  const ratio = only === 'a' || only === 'b' ? 1 : aspect;
  const side = atLeast(Math.min((width - around.width) / ratio, height - around.height));
  return { panels: { [only]: boxOf(0, 0, side * ratio, side) }, worth: side * side * ratio };
}

function inRow({ width, height, aspect }: Stage): Candidate {
  const room = width - 3 * gap.x - 4 * around.width;
  const side = atLeast(Math.min(room / (2 + 2 * aspect), height - around.height));
  let left = 0;
  const panels: Candidate['panels'] = {};
  for (const name of panelNames) {
    const across = name === 'a' || name === 'b' ? side : side * aspect;
    panels[name] = boxOf(left, 0, across, side);
    left += across + around.width + gap.x;
  }
  return { panels, worth: side * side * (2 + 4 * aspect) };
}

function twoByTwo({ width, height, aspect }: Stage): Candidate {
  const widest = Math.max(1, aspect);
  const room = width - gap.x - 2 * around.width;
  const side = atLeast(Math.min(room / (2 * widest), halfHeight(height)));
  const [left, top] = [side * widest + around.width + gap.x, side + around.height + gap.y];
  return {
    panels: {
      a: boxOf(0, 0, side, side),
      b: boxOf(left, 0, side, side),
      between: boxOf(0, top, side * aspect, side),
      permuted: boxOf(left, top, side * aspect, side),
    },
    worth: side * side * (2 + 4 * aspect),
  };
}

function leading({ width, height, aspect }: Stage): Candidate {
  const small = atLeast(halfHeight(height));
  const left = small + around.width + gap.x;
  const side = Math.min((width - left - gap.x - 2 * around.width) / (2 * aspect), height - around.height);
  return {
    panels: {
      a: boxOf(0, 0, small, small),
      b: boxOf(0, small + around.height + gap.y, small, small),
      between: boxOf(left, 0, side * aspect, side),
      permuted: boxOf(left + side * aspect + around.width + gap.x, 0, side * aspect, side),
    },
    worth: side < small ? 0 : 2 * small * small + 4 * side * side * aspect,
  };
}

/** The larger of the free rooms right of everything, and below the last panels; null where neither will do. */
function freeRoom(stage: Stage, panels: Candidate['panels']): Place | null {
  const places = Object.values(panels);
  const right = Math.max(...places.map(({ left, width }) => left + width)) + gap.x;
  const rooms: Place[] = [{ left: right, top: 0, width: stage.width - right, height: stage.height }];
  const { between, permuted, b } = panels;
  const last = permuted ?? between;
  if (last && between && b && b.top > 0 && between.top === 0) {
    const top = Math.max(last.top + last.height, between.top + between.height) + gap.y;
    rooms.push({ left: between.left, top, width: stage.width - between.left, height: stage.height - top });
  } else {
    const top = bottomOf(panels) + gap.y;
    rooms.push({ left: 0, top, width: stage.width, height: stage.height - top });
  }
  return (
    rooms
      .filter(({ width, height }) => width >= cardLeast.width && height >= cardLeast.height)
      .sort((one, other) => other.width * other.height - one.width * one.height)[0] ?? null
  );
}

const bottomOf = (panels: Candidate['panels']): number =>
  Math.max(...Object.values(panels).map(({ top, height }) => top + height));
const halfHeight = (height: number): number => (height - gap.y) / 2 - around.height;
const atLeast = (side: number): number => Math.max(smallestSide, side);
const boxOf = (left: number, top: number, width: number, height: number): Place => ({
  left: Math.floor(left),
  top: Math.floor(top),
  width: Math.floor(width + around.width),
  height: Math.floor(height + around.height),
});
