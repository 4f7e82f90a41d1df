import type { ImageMark, Mark, Scene, TextMark } from './scene.ts';
import { leavesOf } from './scene.ts';
import { isCovered, textBox } from './text.ts';

const minTextPt = 5;
const minLinePt = 0.25;

type Triple = [number, number, number];

/** Plain sentences about what a printer or a reader would trip over; empty when there is nothing. */
export function lintScene(scene: Scene): string[] {
  const warnings = new Set<string>();
  for (const { mark, xMm, yMm } of leavesOf(scene.marks)) {
    if ('stroke' in mark && mark.stroke && mark.stroke.widthPt < minLinePt - 1e-9) {
      warnings.add(`A line is ${trim(mark.stroke.widthPt)} pt wide; journals ask for 0.25 pt or more.`);
    }
    if (mark.kind === 'text')
      for (const warning of textWarnings(mark, { xMm, yMm }, scene)) warnings.add(warning);
  }
  // Colours are compared within a panel: a reader does not tell a bar by a matrix beside it.
  const panels = scene.marks.flatMap((mark) => (mark.kind === 'group' ? [[mark]] : []));
  const rest = scene.marks.filter(({ kind }) => kind !== 'group');
  for (const panel of [...panels, rest]) {
    const pair = confusedIn(panel);
    if (!pair) continue;
    warnings.add(
      `The colours ${pair[0]} and ${pair[1]} look alike to a reader with red-green colour blindness.`,
    );
  }
  return [...warnings];
}

function textWarnings(mark: TextMark, { xMm, yMm }: { xMm: number; yMm: number }, scene: Scene): string[] {
  const warnings: string[] = [];
  const text = mark.runs.map((run) => run.text).join('');
  if (mark.sizePt < minTextPt - 1e-9) {
    warnings.push(`The text "${text}" is ${trim(mark.sizePt)} pt; journals ask for 5 pt or more.`);
  }
  if (!isCovered(text, mark.family))
    warnings.push(`The text "${text}" has a character that the figure font lacks.`);
  const box = textBox(mark);
  const outside =
    box.xMm + xMm < -0.01 ||
    box.yMm + yMm < -0.01 ||
    box.xMm + xMm + box.widthMm > scene.widthMm + 0.01 ||
    box.yMm + yMm + box.heightMm > scene.heightMm + 0.01;
  if (outside) warnings.push(`The text "${text}" runs over the edge of the figure.`);
  return warnings;
}

/** Two colours of marks, or the two ends of a colour map, that are told apart by nothing else. */
function confusedIn(marks: Mark[]): [string, string] | undefined {
  const colours = new Set<string>();
  for (const { mark } of leavesOf(marks)) {
    if (mark.kind === 'image') {
      const pair = confusedPair(endColours(mark));
      if (pair) return pair;
      continue;
    }
    // Dashes tell a line apart without colour.
    const isDashed = 'stroke' in mark && mark.stroke?.dashPt !== undefined;
    if (!isDashed) for (const colour of coloursOf(mark)) colours.add(colour);
  }
  return confusedPair([...colours]);
}

const trim = (value: number): string => String(Math.round(value * 100) / 100);

function coloursOf(mark: Mark): string[] {
  if (mark.kind === 'group' || mark.kind === 'image') return [];
  if (mark.kind === 'text') return [mark.fill];
  const fill = 'fill' in mark ? mark.fill : undefined;
  return [fill, mark.stroke?.colour].filter((colour) => colour !== undefined);
}

function endColours({ image }: ImageMark): string[] {
  if (!('palette' in image)) return [];
  return [0, 254].map((index) => {
    const bytes = image.palette.subarray(3 * index, 3 * index + 3);
    return '#' + [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  });
}

/**
 * Two colours plainly different to most readers but nearly one under deuteranopia or protanopia
 * (Machado, Oliveira and Fernandes 2009, severity 1, doi 10.1109/TVCG.2009.113).
 */
export function confusedPair(colours: string[]): [string, string] | undefined {
  const seen = colours.filter((colour) => /^#[0-9a-f]{6}$/i.test(colour));
  for (let i = 0; i < seen.length; i++) {
    for (let j = i + 1; j < seen.length; j++) {
      const [a, b] = [linearOf(seen[i]), linearOf(seen[j])];
      if (distance(a, b) < 0.2) continue;
      const alike = [deuteranopia, protanopia].some(
        (matrix) => distance(apply(matrix, a), apply(matrix, b)) < 0.1,
      );
      if (alike) return [seen[i], seen[j]];
    }
  }
  return undefined;
}

const deuteranopia: Triple[] = [
  [0.367322, 0.860646, -0.227968],
  [0.280085, 0.672501, 0.047413],
  [-0.01182, 0.04294, 0.968881],
];
const protanopia: Triple[] = [
  [0.152286, 1.052583, -0.204868],
  [0.114503, 0.786281, 0.099216],
  [-0.003882, -0.048116, 1.051998],
];

function linearOf(hex: string): Triple {
  return [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Triple;
}

function apply(matrix: Triple[], rgb: Triple): Triple {
  return matrix.map((row) =>
    Math.min(1, Math.max(0, row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2])),
  ) as Triple;
}

/** Distance in OKLab (Ottosson 2020); about 0.02 is just noticeable side by side. */
function distance(first: Triple, second: Triple): number {
  const [a, b] = [oklab(first), oklab(second)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function oklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
