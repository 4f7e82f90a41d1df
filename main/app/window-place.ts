import { z } from 'zod';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where the window was when it was last closed. */
export const windowPlaceSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
});
export type WindowPlace = z.infer<typeof windowPlaceSchema>;

export const minimumSize = { width: 1100, height: 700 };
const defaultSize = { width: 1280, height: 800 };
/** How much of the window must lie on a screen for its place to be kept. */
const minimumVisiblePx = 100;

/** The place to open at: as stored, unless it is damaged or its screen is gone; then the default size, centred. */
export function windowPlace(stored: unknown, screens: readonly Rectangle[]): Partial<WindowPlace> {
  const place = windowPlaceSchema.safeParse(stored);
  if (!place.success) return defaultSize;
  const { width, height, maximized } = place.data;
  const size = { width: Math.max(width, minimumSize.width), height: Math.max(height, minimumSize.height) };
  if (!screens.some((screen) => isVisibleOn(screen, place.data))) return { ...size, maximized };
  return { ...place.data, ...size };
}

function isVisibleOn(screen: Rectangle, window: Rectangle): boolean {
  const overlapX = Math.min(screen.x + screen.width, window.x + window.width) - Math.max(screen.x, window.x);
  const isTitleReachable = window.y >= screen.y && window.y < screen.y + screen.height - minimumVisiblePx / 2;
  return overlapX >= minimumVisiblePx && isTitleReachable;
}
