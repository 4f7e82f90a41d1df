/** CSS pixels of a millimetre: 96 to the inch. */
export const pixelsPerMm = 96 / 25.4;

export type Zoom = 'fit' | number;
/** What the steps of + and − go through. */
const zoomSteps = [0.5, 0.75, 1, 1.5, 2, 3, 4];
/** Room around the page, the rulers among it. */
export const edgePx = { before: 30, after: 22 };
/** A page in the window is never drawn larger than this by itself. */
const mostFit = 2.5;

/** Size of the picture over its size in print. */
export function scaleOf(
  zoom: Zoom,
  page: { widthMm: number; heightMm: number },
  room: { width: number; height: number },
): number {
  if (zoom !== 'fit') return zoom;
  const margins = edgePx.before + edgePx.after;
  const across = (room.width - margins) / (page.widthMm * pixelsPerMm);
  const down = (room.height - margins) / (page.heightMm * pixelsPerMm);
  return Math.max(0.1, Math.min(mostFit, across, down));
}

export function zoomStep(scale: number, by: 1 | -1): number {
  const further = zoomSteps.filter((step) => (by > 0 ? step > scale * 1.01 : step < scale * 0.99));
  return (by > 0 ? further[0] : further.at(-1)) ?? scale;
}

/** Places of ruler lines, in mm, and which carry a number: numbers are at least 28 pixels apart. */
export function rulerMarks(lengthMm: number, pxPerMm: number): { mm: number; isNamed: boolean }[] {
  const named = [10, 20, 50, 100, 200].find((every) => every * pxPerMm >= 28) ?? 500;
  const every = named === 10 && pxPerMm >= 2.4 ? 5 : named === 10 ? 10 : named / 2;
  const count = Math.floor(lengthMm / every + 1e-6) + 1;
  return Array.from({ length: count }, (_, at) => ({ mm: at * every, isNamed: (at * every) % named === 0 }));
}
