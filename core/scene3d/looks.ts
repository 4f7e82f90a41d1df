/** How scenes look, whatever draws them. */

/** Marks at the back fade towards the page by this share; those at the front not at all. */
export const deepestFog = 0.6;
export const fogFrom = 0.9;
export const fogTo = -1.1;

export function fogAt(depth: number): number {
  const t = Math.min(1, Math.max(0, (fogFrom - depth) / (fogFrom - fogTo)));
  return deepestFog * t;
}

/** Width in CSS pixels and opacity of a link by its strength. */
export function linkLook(strength: number, isSelected: boolean): { width: number; alpha: number } {
  if (isSelected) return { width: 2.2, alpha: 0.95 };
  const t = Math.min(1, Math.max(0, strength));
  return { width: 0.5 + 1.1 * t, alpha: 0.06 + 0.54 * t ** 2.5 };
}

export const bodyAlpha = { usual: 0.1, faint: 0.03 } as const;
export const faintAlpha = 0.22;
export const lineLook = { axis: { width: 1.3, alpha: 0.85 }, guide: { width: 0.9, alpha: 0.34 } } as const;
