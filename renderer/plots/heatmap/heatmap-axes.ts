import { formatCount, indexTicks } from '#core/figure/ticks.ts';
import type { AxisLook, Box, HeatmapContent } from './heatmap-content.ts';
import type { CellWindow } from './tiles.ts';

/** Cells at least this wide get hairlines between them. */
const gridFromPixels = 14;
/** Cells at least this long along their axis have room for the number of every unit. */
const unitNumbersFromPixels = { rows: 13, cols: 30 };
const font = '11px "Inter Variable", sans-serif';

export function drawGrid(target: CanvasRenderingContext2D, box: Box, window: CellWindow): void {
  const pixels = box.width / (window.col1 - window.col0);
  if (pixels < gridFromPixels) return;
  target.strokeStyle = 'rgb(127 127 127 / 22%)';
  target.lineWidth = 1;
  target.beginPath();
  for (let col = Math.ceil(window.col0); col < window.col1; col++) {
    const x = Math.round(box.x + (col - window.col0) * pixels) + 0.5;
    target.moveTo(x, box.y);
    target.lineTo(x, box.y + box.height);
  }
  for (let row = Math.ceil(window.row0); row < window.row1; row++) {
    const y = Math.round(box.y + (row - window.row0) * pixels) + 0.5;
    target.moveTo(box.x, y);
    target.lineTo(box.x + box.width, y);
  }
  target.stroke();
}

/** Round places that fall inside the window; each names the middle of its cell. */
export function axisTicks(start: number, end: number, lengthPixels: number): number[] {
  const first = Math.ceil(start - 0.5);
  const last = Math.floor(end - 0.5);
  const step = indexTicks(last - first + 1, Math.max(2, Math.floor(lengthPixels / 40)))[1] ?? 1;
  const ticks: number[] = [];
  for (let unit = Math.ceil(first / step) * step; unit <= last; unit += step) ticks.push(unit + 0); // adding 0 turns −0 into 0
  return ticks;
}

interface AxisWords {
  label: string;
  ticks: { at: number; text: string }[];
}

/**
 * Places as round numbers; where units do not stand by number and there is room, the number of every unit instead.
 */
export function axisWords(
  look: AxisLook,
  start: number,
  end: number,
  lengthPixels: number,
  unitNumbersFrom: number,
): AxisWords {
  const { units, label, unitLabel } = look;
  // Places and numbers of units are told apart by the label: without one for units there are only places.
  if (!units || !unitLabel || lengthPixels / (end - start) < unitNumbersFrom)
    return {
      label,
      ticks: axisTicks(start, end, lengthPixels).map((at) => ({ at, text: formatCount(at) })),
    };
  const ticks: AxisWords['ticks'] = [];
  for (let at = Math.max(0, Math.ceil(start - 0.5)); at + 0.5 <= end && at < units.length; at++)
    ticks.push({ at, text: formatCount(units[at]) });
  return { label: unitLabel, ticks };
}

export function drawAxes(
  target: CanvasRenderingContext2D,
  box: Box,
  { window, rows, cols }: HeatmapContent,
  inks: { text: string; line: string },
): void {
  const down = axisWords(rows, window.row0, window.row1, box.height, unitNumbersFromPixels.rows);
  const across = axisWords(cols, window.col0, window.col1, box.width, unitNumbersFromPixels.cols);
  target.strokeStyle = inks.line;
  target.lineWidth = 1;
  target.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
  target.fillStyle = inks.text;
  target.font = font;
  target.textAlign = 'right';
  target.textBaseline = 'middle';
  target.beginPath();
  for (const { at, text } of down.ticks) {
    const y = box.y + ((at + 0.5 - window.row0) / (window.row1 - window.row0)) * box.height;
    target.moveTo(box.x - 4, Math.round(y) + 0.5);
    target.lineTo(box.x - 1, Math.round(y) + 0.5);
    target.fillText(text, box.x - 8, y);
  }
  target.textAlign = 'center';
  target.textBaseline = 'top';
  for (const { at, text } of across.ticks) {
    const x = box.x + ((at + 0.5 - window.col0) / (window.col1 - window.col0)) * box.width;
    target.moveTo(Math.round(x) + 0.5, box.y + box.height + 1);
    target.lineTo(Math.round(x) + 0.5, box.y + box.height + 4);
    target.fillText(text, x, box.y + box.height + 7);
  }
  target.stroke();
  target.fillText(across.label, box.x + box.width / 2, box.y + box.height + 20);
  target.save();
  target.translate(6, box.y + box.height / 2);
  target.rotate(-Math.PI / 2);
  target.fillText(down.label, 0, -4);
  target.restore();
}
