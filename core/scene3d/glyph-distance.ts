/**
 * Distances to the outlines of the marks (negative inside), for a mark of radius 1 with y up, by their index in
 * `shapeOrder`: what the window's shaders draw, see renderer/scene3d/gl-shaders.ts.
 */
export function glyphDistance(shape: number, x: number, y: number): number {
  switch (shape) {
    case 1:
      return Math.max(Math.abs(x), Math.abs(y)) - 0.76;
    case 2:
      return Math.max(Math.abs(x) * 0.8660254 + (y + 0.18) * 0.5, -(y + 0.18)) - 0.56;
    case 3:
      return (Math.abs(x) + Math.abs(y) - 1.08) * Math.SQRT1_2;
    case 4:
      return plus((x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2);
    case 5:
      return plus(x, y);
    case 6:
      return star(x * 0.95, y * 0.95) / 0.95;
    case 7:
      return Math.abs(Math.sqrt(x * x + y * y) - 0.64) - 0.24;
    default:
      return Math.sqrt(x * x + y * y) - 0.84;
  }
}

function plus(x: number, y: number): number {
  const [across, along] = [Math.abs(x), Math.abs(y)];
  return Math.min(Math.max(across - 0.95, along - 0.33), Math.max(across - 0.33, along - 0.95));
}

/** Five points, by folding the plane three times (Quilez, "2D distance functions"). */
function star(x: number, y: number): number {
  const [kx, ky] = [0.809016994, -0.587785252];
  let px = Math.abs(x);
  let py = y;
  const first = 2 * Math.max(kx * px + ky * py, 0);
  px -= first * kx;
  py -= first * ky;
  const second = 2 * Math.max(-kx * px + ky * py, 0);
  px += second * kx;
  py -= second * ky;
  px = Math.abs(px);
  py -= 1;
  const [bx, by] = [-0.45 * ky, 0.45 * kx - 1];
  const h = Math.min(1, Math.max(0, (px * bx + py * by) / (bx * bx + by * by)));
  const [dx, dy] = [px - bx * h, py - by * h];
  return Math.sqrt(dx * dx + dy * dy) * Math.sign(py * bx - px * by);
}
