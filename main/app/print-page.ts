/** Faces of the figures' font, by file name in its folder. */
const faces = [
  { file: 'Arimo-Regular.ttf', weight: 400, style: 'normal' },
  { file: 'Arimo-Bold.ttf', weight: 700, style: 'normal' },
  { file: 'Arimo-Italic.ttf', weight: 400, style: 'italic' },
];

/** By how much the paper exceeds the drawing; the page is cut to the drawing's size afterwards. */
const paperMarginMm = 2;

/** A page that holds one drawing at its size in millimetres, with the figures' font at `/<file>`. */
export function printPage(svg: string, widthMm: number, heightMm: number): string {
  const fontFaces = faces.map(
    ({ file, weight, style }) =>
      `@font-face { font-family: Arimo; src: url(/${file}); font-weight: ${weight}; font-style: ${style}; }`,
  );
  const styles = [
    ...fontFaces,
    `@page { size: ${widthMm + paperMarginMm}mm ${heightMm + paperMarginMm}mm; margin: 0; }`,
    'html, body { margin: 0; padding: 0; background: #fff; }',
    // Out of the flow, so that rounding of the page's height never makes a second page.
    `body > svg { position: absolute; top: 0; left: 0; width: ${widthMm}mm; height: ${heightMm}mm; }`,
  ];
  const drawing = svg.replace(/^\s*<\?xml[^>]*\?>\s*/, '');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Figure</title><style>${styles.join('\n')}</style><body>${drawing}</body></html>`;
}
