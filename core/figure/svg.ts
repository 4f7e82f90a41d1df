import { base64Of } from './base64.ts';
import { enlargedImage } from './image-enlarge.ts';
import { defaultDpi, pixelsOfMark } from './drawn-image.ts';
import { encodePng } from './png-encode.ts';
import type { Deflate } from './png-encode.ts';
import type { BoxMm, FontFamily, ImageMark, Mark, Scene, Stroke, TextMark } from './scene.ts';
import { baselineOffsetMm, scriptScale, scriptShift } from './text.ts';
import { ptOf } from './units.ts';

export interface SvgOptions {
  /** zlib for the embedded pictures; without it they are stored uncompressed. */
  deflate?: Deflate;
  /** A faster way to base64 than ours, with the same answer. */
  base64?(bytes: Uint8Array): string;
  /** Base64 TrueType files put into the SVG, so that it looks the same where Arimo is not installed. */
  embedFont?: { regular: string; bold?: string; italic?: string };
  /** Resolution of pictures that are drawn for the file; default 300. */
  dpi?: number;
  /** Repeats the cells of matrices up to this resolution, for programs that would smooth them; without it, one pixel a cell. */
  cellDpi?: number;
  /** Starts every id, so that several figures can live in one page. */
  idPrefix?: string;
}

const fontFamily: Record<FontFamily, string> = {
  sans: 'Arimo, Arial, Helvetica, sans-serif',
  serif: "Tinos, 'Times New Roman', Times, serif",
};

/**
 * The scene as SVG 1.1 text. Page size in mm, user units in pt (so font sizes read as they are), text live, matrices
 * as PNG at one pixel a cell. The same scene gives the same characters: no dates, ids from a counter.
 */
export function sceneToSvg(scene: Scene, options: SvgOptions = {}): string {
  const writer: Writer = { options, clips: 0, prefix: options.idPrefix ?? 'c' };
  const [width, height] = [num(ptOf(scene.widthMm)), num(ptOf(scene.heightMm))];
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"` +
      ` width="${num(scene.widthMm)}mm" height="${num(scene.heightMm)}mm" viewBox="0 0 ${width} ${height}"` +
      ` role="img" aria-label="${escapeXml(scene.title)}" font-family="${fontFamily.sans}">`,
    `<desc>${escapeXml(scene.description)}</desc>`,
    `<metadata>${escapeXml(scene.provenance)}</metadata>`,
    ...fontFaces(options.embedFont),
    `<rect width="${width}" height="${height}" fill="${scene.background}"/>`,
    ...scene.marks.flatMap((mark) => markLines(mark, writer)),
    '</svg>',
  ];
  return lines.join('\n') + '\n';
}

interface Writer {
  options: SvgOptions;
  clips: number;
  prefix: string;
}

/** At most three decimals of a point (0.4 micrometres), never "-0". */
function num(value: number): string {
  return String(Math.round(value * 1000) / 1000 || 0);
}

const pt = (mm: number): string => num(ptOf(mm));

/** XML text and attribute value; characters that XML 1.0 forbids are dropped. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

function fontFaces(fonts: SvgOptions['embedFont']): string[] {
  if (!fonts) return [];
  const face = (data: string, weight: string, style: string): string =>
    `@font-face{font-family:Arimo;font-weight:${weight};font-style:${style};` +
    `src:url(data:font/ttf;base64,${data}) format("truetype")}`;
  const faces = [face(fonts.regular, 'normal', 'normal')];
  if (fonts.bold) faces.push(face(fonts.bold, 'bold', 'normal'));
  if (fonts.italic) faces.push(face(fonts.italic, 'normal', 'italic'));
  return [`<style>${faces.join('')}</style>`];
}

function markLines(mark: Mark, writer: Writer): string[] {
  switch (mark.kind) {
    case 'group':
      return groupLines(mark, writer);
    case 'rect':
      return [`<rect ${boxAttributes(mark)}${paint(mark)}/>`];
    case 'line':
      return [
        `<line x1="${pt(mark.x1Mm)}" y1="${pt(mark.y1Mm)}" x2="${pt(mark.x2Mm)}" y2="${pt(mark.y2Mm)}"` +
          `${strokeAttributes(mark.stroke)}/>`,
      ];
    case 'polyline': {
      const points = mark.pointsMm.map(pt).join(' ');
      return [`<${mark.closed ? 'polygon' : 'polyline'} points="${points}"${paint(mark)}/>`];
    }
    case 'circle':
      return [`<circle cx="${pt(mark.xMm)}" cy="${pt(mark.yMm)}" r="${pt(mark.radiusMm)}"${paint(mark)}/>`];
    case 'text':
      return [textLine(mark)];
    case 'image':
      return [imageLine(mark, writer.options)];
  }
}

function groupLines(mark: Extract<Mark, { kind: 'group' }>, writer: Writer): string[] {
  const lines: string[] = [];
  const moved = mark.xMm !== 0 || mark.yMm !== 0;
  const name = mark.name ? ` data-name="${escapeXml(mark.name)}"` : '';
  const transform = moved ? ` transform="translate(${pt(mark.xMm)} ${pt(mark.yMm)})"` : '';
  let clip = '';
  if (mark.clip) {
    const id = `${writer.prefix}${++writer.clips}`;
    lines.push(`<clipPath id="${id}"><rect ${boxAttributes(mark.clip)}/></clipPath>`);
    clip = ` clip-path="url(#${id})"`;
  }
  // The clip's rectangle is in the coordinates of the group, so it is declared inside the moved element.
  if (clip && moved) {
    const inner = mark.marks.flatMap((child) => markLines(child, writer));
    return [`<g${name}${transform}>`, ...lines, `<g${clip}>`, ...inner, '</g>', '</g>'];
  }
  return [
    ...lines,
    `<g${name}${transform}${clip}>`,
    ...mark.marks.flatMap((child) => markLines(child, writer)),
    '</g>',
  ];
}

function boxAttributes(box: BoxMm): string {
  return `x="${pt(box.xMm)}" y="${pt(box.yMm)}" width="${pt(box.widthMm)}" height="${pt(box.heightMm)}"`;
}

function strokeAttributes(stroke: Stroke): string {
  const dash = stroke.dashPt ? ` stroke-dasharray="${stroke.dashPt.map(num).join(' ')}"` : '';
  return ` stroke="${stroke.colour}" stroke-width="${num(stroke.widthPt)}"${dash}`;
}

function paint(mark: { fill?: string; stroke?: Stroke; opacity?: number }): string {
  const stroke = mark.stroke ? strokeAttributes(mark.stroke) : '';
  const opacity = mark.opacity === undefined ? '' : ` opacity="${num(mark.opacity)}"`;
  return ` fill="${mark.fill ?? 'none'}"${stroke}${opacity}`;
}

const anchors = { start: '', middle: ' text-anchor="middle"', end: ' text-anchor="end"' } as const;

function textLine(mark: TextMark): string {
  const offset = baselineOffsetMm(mark);
  const weight = mark.weight === 'bold' ? ' font-weight="bold"' : '';
  const family = mark.family === 'serif' ? ` font-family="${fontFamily.serif}"` : '';
  const style = `font-size="${num(mark.sizePt)}"${weight}${anchors[mark.anchor]} fill="${mark.fill}"`;
  const place =
    mark.rotate === 0
      ? `x="${pt(mark.xMm)}" y="${pt(mark.yMm + offset)}"`
      : `transform="translate(${pt(mark.xMm + offset)} ${pt(mark.yMm)}) rotate(${mark.rotate})"`;
  return `<text ${place} ${style}${family}>${runsText(mark)}</text>`;
}

/** Runs in order; a shift moves the line by `dy` and the next run moves it back. */
function runsText(mark: TextMark): string {
  let shifted = 0;
  return mark.runs
    .map((run) => {
      const target = run.shift ? scriptShift[run.shift] * mark.sizePt : 0;
      const dy = target - shifted;
      shifted = target;
      const attributes =
        (run.italic ? ' font-style="italic"' : '') +
        (run.shift ? ` font-size="${num(mark.sizePt * scriptScale)}"` : '') +
        (dy === 0 ? '' : ` dy="${num(dy)}"`);
      const text = escapeXml(run.text);
      return attributes === '' ? text : `<tspan${attributes}>${text}</tspan>`;
    })
    .join('');
}

/** `pixelated` as an attribute: a style would be refused by a strict content security policy. */
function imageLine(mark: ImageMark, options: SvgOptions): string {
  const pixels = pixelsOfMark(mark, options.dpi ?? defaultDpi);
  const image = options.cellDpi ? enlargedImage(pixels, mark, options.cellDpi) : pixels;
  const href = 'data:image/png;base64,' + (options.base64 ?? base64Of)(encodePng(image, options.deflate));
  const rendering = mark.isSmooth ? 'optimizeQuality' : 'pixelated';
  return (
    `<image ${boxAttributes(mark)} preserveAspectRatio="none" image-rendering="${rendering}"` +
    ` xlink:href="${href}"/>`
  );
}
