/** Points of one look; coordinates in CSS pixels. Many points are drawn as squares, which cost less. */
export interface PointLook {
  ink: string;
  size: number;
  shape: 'dot' | 'ring' | 'triangle';
}

const squaresFrom = 3000;

/** Makes the canvas as large as its box and gives its context, in CSS pixels. */
export function startDrawing(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const target = canvas.getContext('2d');
  if (!target) return null;
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  target.setTransform(ratio, 0, 0, ratio, 0, 0);
  return target;
}

/** Places that are not finite are left out. */
export function drawPoints(
  target: CanvasRenderingContext2D,
  rows: ArrayLike<number>,
  xOf: (row: number, at: number) => number,
  yOf: (row: number, at: number) => number,
  { ink, size, shape }: PointLook,
): void {
  target.fillStyle = ink;
  target.strokeStyle = ink;
  target.lineWidth = 1.25;
  const isMany = rows.length > squaresFrom;
  target.beginPath();
  for (let at = 0; at < rows.length; at++) {
    const x = xOf(rows[at], at);
    const y = yOf(rows[at], at);
    if (!Number.isFinite(x + y)) continue;
    if (isMany) target.rect(x - size / 2, y - size / 2, size, size);
    else if (shape === 'triangle') {
      target.moveTo(x, y - size);
      target.lineTo(x + size, y + 0.8 * size);
      target.lineTo(x - size, y + 0.8 * size);
      target.closePath();
    } else {
      target.moveTo(x + size, y);
      target.arc(x, y, size, 0, 2 * Math.PI);
    }
  }
  if (shape === 'ring' && !isMany) target.stroke();
  else target.fill();
}

/** A line over ranks: of many points one a pixel is drawn, and the last. */
export function drawRankLine(
  target: CanvasRenderingContext2D,
  count: number,
  xOf: (rank: number) => number,
  yOf: (rank: number) => number,
  ink: string,
): void {
  const step = Math.max(1, Math.floor(count / Math.max(1, xOf(count - 1) - xOf(0))));
  target.strokeStyle = ink;
  target.lineWidth = 2.5;
  target.lineJoin = 'round';
  target.beginPath();
  for (let rank = 0; rank < count; rank += step) {
    if (rank === 0) target.moveTo(xOf(0), yOf(0));
    else target.lineTo(xOf(rank), yOf(rank));
  }
  if (count > 0) target.lineTo(xOf(count - 1), yOf(count - 1));
  target.stroke();
}
