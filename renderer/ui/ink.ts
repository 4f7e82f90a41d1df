/** Black or white, whichever contrasts more with a #rrggbb ground (WCAG 2 relative luminance). */
export function inkOn(ground: string): '#111111' | '#ffffff' {
  const channel = (at: number) => {
    const value = parseInt(ground.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return luminance > 0.19 ? '#111111' : '#ffffff';
}
