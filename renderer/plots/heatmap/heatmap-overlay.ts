import type { Box, Brush, Cell, HeatmapContent } from './heatmap-content.ts';
import type { CellWindow } from './tiles.ts';

/** A line that stays visible on every colour of the maps: black within white. */
const haloWidth = 3;
const halo = [
  ['#ffffff', haloWidth],
  ['#111111', 1],
] as const;
const markWidth = 4;

/** Half-open ranges of places inside [start, end) whose flag is `wanted`. */
export function runsOf(
  flags: Uint8Array,
  wanted: 0 | 1,
  start: number,
  end: number,
): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  const last = Math.min(flags.length, Math.ceil(end));
  for (let at = Math.max(0, Math.floor(start)); at < last; at++) {
    if (flags[at] !== wanted) continue;
    const run = runs.at(-1);
    if (run?.to === at) run.to = at + 1;
    else runs.push({ from: at, to: at + 1 });
  }
  return runs;
}

/** Scale from places to pixels along both sides. */
function scaleOf(box: Box, { row0, row1, col0, col1 }: CellWindow) {
  const down = box.height / (row1 - row0);
  const across = box.width / (col1 - col0);
  return {
    y: (row: number) => box.y + (row - row0) * down,
    x: (col: number) => box.x + (col - col0) * across,
    down,
    across,
  };
}

function clipped(target: CanvasRenderingContext2D, box: Box, draw: () => void): void {
  target.save();
  target.beginPath();
  target.rect(box.x, box.y, box.width, box.height);
  target.clip();
  draw();
  target.restore();
}

/** Bars beside both axes at the marked places; a place is at least a pixel long, so that none is lost. */
export function drawMarks(
  target: CanvasRenderingContext2D,
  box: Box,
  { window, rows, cols }: HeatmapContent,
  ink: string,
): void {
  const { x, y } = scaleOf(box, window);
  const inside = (place: number, start: number, length: number) =>
    Math.min(start + length, Math.max(start, place));
  target.fillStyle = ink;
  if (rows.marks)
    for (const { from, to } of runsOf(rows.marks, 1, window.row0, window.row1)) {
      const top = inside(y(from), box.y, box.height);
      const length = Math.max(1, inside(y(to), box.y, box.height) - top);
      target.fillRect(box.x - 1 - markWidth, top, markWidth, length);
    }
  if (cols.marks)
    for (const { from, to } of runsOf(cols.marks, 1, window.col0, window.col1)) {
      const left = inside(x(from), box.x, box.width);
      const length = Math.max(1, inside(x(to), box.x, box.width) - left);
      target.fillRect(left, box.y + box.height + 1, length, markWidth);
    }
}

/** Veils rows and columns that are not marked; an axis without any mark veils nothing. */
export function drawDim(
  target: CanvasRenderingContext2D,
  box: Box,
  { window, rows, cols }: HeatmapContent,
  ground: string,
): void {
  const { x, y } = scaleOf(box, window);
  clipped(target, box, () => {
    target.globalAlpha = 0.72;
    target.fillStyle = ground;
    // One path, so that crossing bands are veiled once.
    target.beginPath();
    if (rows.marks?.includes(1))
      for (const { from, to } of runsOf(rows.marks, 0, window.row0, window.row1))
        target.rect(box.x, y(from), box.width, y(to) - y(from));
    if (cols.marks?.includes(1))
      for (const { from, to } of runsOf(cols.marks, 0, window.col0, window.col1))
        target.rect(x(from), box.y, x(to) - x(from), box.height);
    target.fill('nonzero');
  });
}

/** Hairlines through the middles of rows and columns. */
export function drawCross(
  target: CanvasRenderingContext2D,
  box: Box,
  window: CellWindow,
  cross: { rows: readonly number[]; cols: readonly number[] },
): void {
  const { x, y, down, across } = scaleOf(box, window);
  clipped(target, box, () => {
    for (const [colour, width] of [
      ['rgb(255 255 255 / 65%)', 2],
      ['rgb(17 17 17 / 70%)', 1],
    ] as const) {
      target.strokeStyle = colour;
      target.lineWidth = width;
      target.beginPath();
      for (const row of cross.rows) {
        const at = Math.round(y(row) + down / 2) + 0.5;
        target.moveTo(box.x, at);
        target.lineTo(box.x + box.width, at);
      }
      for (const col of cross.cols) {
        const at = Math.round(x(col) + across / 2) + 0.5;
        target.moveTo(at, box.y);
        target.lineTo(at, box.y + box.height);
      }
      target.stroke();
    }
  });
}

/** The band that is being marked. */
export function drawBrush(
  target: CanvasRenderingContext2D,
  box: Box,
  window: CellWindow,
  { rows, cols }: Brush,
  ink: string,
): void {
  const { x, y } = scaleOf(box, window);
  const [left, right] = cols ? [x(cols.from), x(cols.to + 1)] : [box.x, box.x + box.width];
  const [top, bottom] = rows ? [y(rows.from), y(rows.to + 1)] : [box.y, box.y + box.height];
  clipped(target, box, () => {
    target.fillStyle = ink;
    target.globalAlpha = 0.25;
    target.fillRect(left, top, right - left, bottom - top);
    target.globalAlpha = 1;
    target.strokeStyle = ink;
    target.lineWidth = 1.5;
    target.strokeRect(left, top, right - left, bottom - top);
  });
}

/** The frame of a cell, to be seen on any colour; the selected one reaches the axes. */
export function drawCell(
  target: CanvasRenderingContext2D,
  box: Box,
  window: CellWindow,
  cell: Cell,
  isSelected: boolean,
): void {
  const { x: xOf, y: yOf, across: pixels } = scaleOf(box, window);
  const [x, y] = [xOf(cell.col), yOf(cell.row)];
  const side = Math.max(pixels, 5);
  clipped(target, box, () => {
    for (const [colour, lineWidth] of halo) {
      target.strokeStyle = colour;
      target.lineWidth = lineWidth;
      target.beginPath();
      target.rect(x + (pixels - side) / 2, y + (pixels - side) / 2, side, side);
      if (isSelected) {
        target.moveTo(box.x, y + pixels / 2);
        target.lineTo(x - 2, y + pixels / 2);
        target.moveTo(x + pixels / 2, box.y + box.height);
        target.lineTo(x + pixels / 2, y + pixels + 2);
      }
      target.stroke();
    }
  });
}
