/** Room around a picture for its caption and its axes; CSS pixels. */
const around = { width: 68, height: 62 };
export const panelGap = { width: 24, height: 8 };
const smallestSide = 120;

/** Where the four panels stand, as values of `grid-template-areas` and `-columns`, `-rows`. */
export interface PanelLayout {
  areas: string;
  columns: string;
  rows: string;
}

interface Stage {
  width: number;
  height: number;
  /** Columns by rows of the two pictures of A against B. */
  aspect: number;
}

interface Candidate extends PanelLayout {
  /** Area of the four pictures; those of A against B count double, for they are what is looked at. */
  worth: number;
}

/**
 * The arrangement with the largest pictures: four in a row, two by two, or the two networks themselves above one
 * another at the left and their comparison, larger, beside them. Panels are no wider than their pictures.
 */
export function layoutPanels(stage: Stage): PanelLayout {
  const found = [inRow(stage), twoByTwo(stage), leading(stage)];
  return found.reduce((best, candidate) => (candidate.worth > best.worth ? candidate : best));
}

function inRow({ width, height, aspect }: Stage): Candidate {
  const room = width - 3 * panelGap.width - 4 * around.width;
  const side = atLeast(Math.min(room / (2 + 2 * aspect), height - around.height));
  return {
    areas: '"a b between permuted"',
    columns: columns(side, side, side * aspect, side * aspect),
    rows: 'minmax(0, 1fr)',
    worth: side * side * (2 + 4 * aspect),
  };
}

function twoByTwo({ width, height, aspect }: Stage): Candidate {
  const widest = Math.max(1, aspect);
  const room = width - panelGap.width - 2 * around.width;
  const side = atLeast(Math.min(room / (2 * widest), halfHeight(height)));
  return {
    areas: '"a b" "between permuted"',
    columns: columns(side * widest, side * widest),
    rows: 'minmax(0, 1fr) minmax(0, 1fr)',
    worth: side * side * (2 + 4 * aspect),
  };
}

function leading({ width, height, aspect }: Stage): Candidate {
  const small = atLeast(halfHeight(height));
  const room = width - 2 * panelGap.width - 3 * around.width - small;
  const side = Math.min(room / (2 * aspect), height - around.height);
  return {
    areas: '"a between permuted" "b between permuted"',
    columns: columns(small, side * aspect, side * aspect),
    rows: 'minmax(0, 1fr) minmax(0, 1fr)',
    worth: side < small ? 0 : 2 * small * small + 4 * side * side * aspect,
  };
}

const halfHeight = (height: number): number => (height - panelGap.height) / 2 - around.height;
const atLeast = (side: number): number => Math.max(smallestSide, side);
const columns = (...sides: number[]): string =>
  sides.map((side) => `${Math.floor(side + around.width)}px`).join(' ');
