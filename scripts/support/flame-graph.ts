import type { Frame } from './cpu-profile.ts';

const width = 1200;
const rowHeight = 17;
const top = 64;
/** Narrower calls are left out: they would be nothing but lines. */
const leastWidth = 1.5;
const leastLabel = 26;
const characterWidth = 6.1;

const plain = '#eeeeee';

/**
 * A flame graph: one bar a call, as wide as the time spent in it and below it, what it called under it. Calls of one
 * caller are in the order of their time, not of their happening.
 *
 * @param colourOf fill of a bar; null: its caller's
 * @param legend names of colours
 */
export function flameGraph(
  title: string,
  root: Frame,
  colourOf: (frame: Frame) => string | null,
  legend: readonly (readonly [name: string, colour: string])[],
): string {
  const bars: string[] = [];
  let depth = 0;
  const draw = (frame: Frame, x: number, row: number, inherited: string) => {
    const wide = (frame.total / root.total) * width;
    if (wide < leastWidth) return;
    depth = Math.max(depth, row);
    const fill = colourOf(frame) ?? inherited;
    bars.push(bar(frame, x, row, wide, root.total, fill));
    let at = x;
    for (const child of [...frame.children.values()].sort((a, b) => b.total - a.total)) {
      draw(child, at, row + 1, fill);
      at += (child.total / root.total) * width;
    }
  };
  draw(root, 0, 0, plain);
  const height = top + (depth + 1) * rowHeight + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Inter, Arial, sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="8" y="20" font-size="14" font-weight="600">${escaped(title)}</text>`,
    `<text x="8" y="36" fill="#555">Width is time in a call and what it called; callers are above. Point at a bar for its time.</text>`,
    ...legendOf(legend),
    ...bars,
    '</svg>',
    '',
  ].join('\n');
}

function legendOf(legend: readonly (readonly [name: string, colour: string])[]): string[] {
  let x = 8;
  return legend.map(([name, colour]) => {
    const entry = `<rect x="${number(x)}" y="44" width="10" height="10" fill="${colour}"/><text x="${number(x + 14)}" y="53">${escaped(name)}</text>`;
    x += 24 + name.length * (characterWidth - 0.7);
    return entry;
  });
}

function bar(frame: Frame, x: number, row: number, wide: number, total: number, fill: string): string {
  const y = top + row * rowHeight;
  const tip = `${frame.name}${frame.place ? ` (${frame.place})` : ''}: ${milliseconds(frame.total)}, ${((100 * frame.total) / total).toFixed(1)} %, itself ${milliseconds(frame.self)}`;
  const room = Math.floor((wide - 6) / characterWidth);
  const name = frame.name.length <= room ? frame.name : `${frame.name.slice(0, Math.max(0, room - 1))}…`;
  const label = wide >= leastLabel ? `<text x="${number(x + 3)}" y="${y + 12}">${escaped(name)}</text>` : '';
  const rect = `<rect x="${number(x)}" y="${y}" width="${number(Math.max(0.3, wide - 0.4))}" height="${rowHeight - 1}" fill="${fill}"/>`;
  return `<g><title>${escaped(tip)}</title>${rect}${label}</g>`;
}

function milliseconds(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(microseconds < 10_000 ? 1 : 0)} ms`;
}

function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
