export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const gap = 12;
const margin = 8;

/** Beside the anchor where there is most room (below, above, right, left), wholly inside the window. */
export function placeCard(
  anchor: Box,
  card: { width: number; height: number },
  window: { width: number; height: number },
): { left: number; top: number } {
  const inside = (at: number, size: number, whole: number) =>
    Math.max(margin, Math.min(at, whole - size - margin));
  const isTall = anchor.height > window.height / 2;
  const below = anchor.top + anchor.height + gap;
  const above = anchor.top - gap - card.height;
  const right = anchor.left + anchor.width + gap;
  if (!isTall && below + card.height <= window.height - margin)
    return { left: inside(anchor.left, card.width, window.width), top: below };
  if (!isTall && above >= margin) return { left: inside(anchor.left, card.width, window.width), top: above };
  const left = right + card.width <= window.width - margin ? right : anchor.left - gap - card.width;
  return {
    left: inside(left, card.width, window.width),
    top: inside(anchor.top + 24, card.height, window.height),
  };
}
