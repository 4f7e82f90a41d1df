import { defaultDpi, pixelsOfMark } from '../drawn-image.ts';
import type { Deflate } from '../png-encode.ts';
import type {
  BoxMm,
  FontFamily,
  GroupMark,
  ImageMark,
  Mark,
  Scene,
  Stroke,
  TextMark,
  TextRun,
} from '../scene.ts';
import { fontFamilies } from '../scene.ts';
import { baselineOffsetMm, scriptScale, scriptShift, textWidthMm } from '../text.ts';
import { mmOf, ptOf } from '../units.ts';
import { latin1, PdfFile, pdfText } from './pdf-file.ts';
import type { PdfReference } from './pdf-file.ts';
import { FontUse } from './pdf-font.ts';
import type { TrueTypeFont } from './true-type.ts';

export type FontFace = 'regular' | 'bold' | 'italic';
export type FontFaces = Record<FontFamily, Record<FontFace, TrueTypeFont>>;

const familyNames: Record<FontFamily, string> = { sans: 'Arimo', serif: 'Tinos' };
const faces: readonly FontFace[] = ['regular', 'bold', 'italic'];

/** A face of a family in use: its name in the page's resources and in the file. */
interface UsedFace {
  use: FontUse;
  resource: string;
  name: string;
}

/**
 * The scene as a one-page PDF of exactly its size: vectors as vectors, text as text in embedded subsets of the figures'
 * own font, matrices as pictures of one pixel a cell that viewers are told not to smooth. The page is tagged as one
 * figure with its caption as the alternative text. The same scene gives the same bytes.
 */
export function sceneToPdf(scene: Scene, fonts: FontFaces, deflate?: Deflate, dpi = defaultDpi): Uint8Array {
  return new PdfPage(scene, fonts, deflate, dpi).bytes();
}

/** At most three decimals of a point (0.4 micrometres), never "-0". */
const num = (value: number): string => String(Math.round(value * 1000) / 1000 || 0);

/** Control points of a quarter circle by one cubic. */
const kappa = 0.5522847498;

class PdfPage {
  readonly #scene: Scene;
  readonly #file: PdfFile;
  readonly #heightPt: number;
  readonly #dpi: number;
  readonly #lines: string[] = [];
  readonly #fonts: FontFaces;
  readonly #faces = new Map<string, UsedFace>();
  readonly #opacities: number[] = [];
  readonly #images: PdfReference[] = [];
  readonly #palettes = new Map<Uint8Array, PdfReference>();

  constructor(scene: Scene, fonts: FontFaces, deflate: Deflate | undefined, dpi: number) {
    this.#scene = scene;
    this.#file = new PdfFile(deflate);
    this.#heightPt = ptOf(scene.heightMm);
    this.#dpi = dpi;
    this.#fonts = fonts;
  }

  bytes(): Uint8Array {
    const { widthMm, heightMm, background, marks, title, description, provenance } = this.#scene;
    const page = { xMm: 0, yMm: 0, widthMm, heightMm };
    this.#lines.push(
      '/Figure << /MCID 0 >> BDC',
      `${colour(background)} rg`,
      `${this.#box(page, 0, 0)} re f`,
    );
    for (const mark of marks) this.#mark(mark, 0, 0);
    this.#lines.push('EMC', '');
    const file = this.#file;
    const content = file.addStream(latin1(this.#lines.join('\n')));
    const resources = this.#resources();
    const [pages, pageRef, tree] = [file.reserve(), file.reserve(), file.reserve()];
    const figure = file.add(
      `<< /Type /StructElem /S /Figure /P ${tree} /Pg ${pageRef} /K 0 /Alt ${pdfText(description)} >>`,
    );
    file.put(
      tree,
      `<< /Type /StructTreeRoot /K ${figure} /ParentTree << /Nums [0 [${figure}]] >> /ParentTreeNextKey 1 >>`,
    );
    file.put(
      pageRef,
      `<< /Type /Page /Parent ${pages} /MediaBox [0 0 ${exact(widthMm)} ${exact(heightMm)}]` +
        ` /Contents ${content} /Resources ${resources} /StructParents 0 >>`,
    );
    file.put(pages, `<< /Type /Pages /Kids [${pageRef}] /Count 1 >>`);
    const root = file.add(
      `<< /Type /Catalog /Pages ${pages} /Lang (en) /MarkInfo << /Marked true >> /StructTreeRoot ${tree}` +
        ` /ViewerPreferences << /DisplayDocTitle true >> >>`,
    );
    const info = file.add(
      `<< /Title ${pdfText(title)} /Subject ${pdfText(provenance)} /Creator (Consilience) >>`,
    );
    return file.bytes(root, info);
  }

  #resources(): PdfReference {
    const fonts = fontFamilies.flatMap((family) =>
      faces.flatMap((face) => {
        const used = this.#faces.get(`${family} ${face}`);
        return used ? [`/${used.resource} ${used.use.addTo(this.#file, used.name)}`] : [];
      }),
    );
    const states = this.#opacities.map((value, at) => `/G${at} << /ca ${num(value)} /CA ${num(value)} >>`);
    const images = this.#images.map((reference, at) => `/I${at} ${reference}`);
    return this.#file.add(
      `<< /Font << ${fonts.join(' ')} >> /ExtGState << ${states.join(' ')} >> /XObject << ${images.join(' ')} >> >>`,
    );
  }

  #x = (mm: number): string => num(ptOf(mm));
  /** Upwards from the lower edge, as PDF counts. */
  #y = (mm: number): string => num(this.#heightPt - ptOf(mm));

  #box(box: BoxMm, xMm: number, yMm: number): string {
    const bottom = this.#y(box.yMm + yMm + box.heightMm);
    return `${this.#x(box.xMm + xMm)} ${bottom} ${num(ptOf(box.widthMm))} ${num(ptOf(box.heightMm))}`;
  }

  #mark(mark: Mark, xMm: number, yMm: number): void {
    switch (mark.kind) {
      case 'group':
        return this.#group(mark, xMm + mark.xMm, yMm + mark.yMm);
      case 'rect':
        return this.#paint(mark, `${this.#box(mark, xMm, yMm)} re`);
      case 'line':
        return this.#paint(mark, this.#path([mark.x1Mm, mark.y1Mm, mark.x2Mm, mark.y2Mm], xMm, yMm));
      case 'polyline':
        return this.#paint(mark, this.#path(mark.pointsMm, xMm, yMm) + (mark.closed ? ' h' : ''));
      case 'circle':
        return this.#paint(mark, this.#circle(mark.xMm + xMm, mark.yMm + yMm, mark.radiusMm));
      case 'text':
        return this.#text(mark, xMm, yMm);
      case 'image':
        return this.#image(mark, xMm, yMm);
    }
  }

  #group(group: GroupMark, xMm: number, yMm: number): void {
    if (group.clip) this.#lines.push('q', `${this.#box(group.clip, xMm, yMm)} re W n`);
    for (const mark of group.marks) this.#mark(mark, xMm, yMm);
    if (group.clip) this.#lines.push('Q');
  }

  #path(points: number[], xMm: number, yMm: number): string {
    const parts: string[] = [];
    for (let at = 0; at < points.length; at += 2) {
      parts.push(`${this.#x(points[at] + xMm)} ${this.#y(points[at + 1] + yMm)} ${at === 0 ? 'm' : 'l'}`);
    }
    return parts.join(' ');
  }

  #circle(xMm: number, yMm: number, r: number): string {
    const k = kappa * r;
    const at = (dx: number, dy: number): string => `${this.#x(xMm + dx)} ${this.#y(yMm + dy)}`;
    return [
      `${at(r, 0)} m`,
      `${at(r, k)} ${at(k, r)} ${at(0, r)} c`,
      `${at(-k, r)} ${at(-r, k)} ${at(-r, 0)} c`,
      `${at(-r, -k)} ${at(-k, -r)} ${at(0, -r)} c`,
      `${at(k, -r)} ${at(r, -k)} ${at(r, 0)} c h`,
    ].join(' ');
  }

  #paint(mark: { fill?: string; stroke?: Stroke; opacity?: number }, path: string): void {
    const { fill, stroke, opacity } = mark;
    if (!fill && !stroke) return;
    const state = [opacity === undefined ? '' : `${this.#opacity(opacity)} gs`];
    if (fill) state.push(`${colour(fill)} rg`);
    if (stroke) state.push(`${colour(stroke.colour)} RG ${num(stroke.widthPt)} w`);
    if (stroke?.dashPt) state.push(`[${stroke.dashPt.map(num).join(' ')}] 0 d`);
    const operator = fill && stroke ? 'B' : fill ? 'f' : 'S';
    const line = `${state.filter(Boolean).join(' ')} ${path} ${operator}`;
    // Colours and widths are set by every mark; only what later marks do not set again has to be undone.
    this.#lines.push(opacity !== undefined || stroke?.dashPt ? `q ${line} Q` : line);
  }

  #opacity(value: number): string {
    if (!this.#opacities.includes(value)) this.#opacities.push(value);
    return `/G${this.#opacities.indexOf(value)}`;
  }

  #text(mark: TextMark, xMm: number, yMm: number): void {
    const width = textWidthMm(mark.runs, mark.sizePt, mark.weight, mark.family);
    const start = mark.anchor === 'start' ? 0 : mark.anchor === 'middle' ? -width / 2 : -width;
    const baseline = baselineOffsetMm(mark);
    this.#lines.push('BT', `${colour(mark.fill)} rg`);
    let along = start;
    for (const run of mark.runs) {
      const down = baseline + (run.shift ? mmOf(scriptShift[run.shift] * mark.sizePt) : 0);
      const place =
        mark.rotate === 0
          ? `1 0 0 1 ${this.#x(mark.xMm + xMm + along)} ${this.#y(mark.yMm + yMm + down)} Tm`
          : `0 1 -1 0 ${this.#x(mark.xMm + xMm + down)} ${this.#y(mark.yMm + yMm - along)} Tm`;
      this.#run(run, mark, place);
      along += textWidthMm([run], mark.sizePt, mark.weight, mark.family);
    }
    this.#lines.push('ET');
  }

  #run(run: TextRun, mark: TextMark, place: string): void {
    const face: FontFace = mark.weight === 'bold' ? 'bold' : run.italic ? 'italic' : 'regular';
    const { use, resource } = this.#face(mark.family ?? 'sans', face);
    const size = mark.sizePt * (run.shift ? scriptScale : 1);
    this.#lines.push(`/${resource} ${num(size)} Tf ${place} <${use.hexOf(run.text)}> Tj`);
  }

  #face(family: FontFamily, face: FontFace): UsedFace {
    const key = `${family} ${face}`;
    let used = this.#faces.get(key);
    if (!used) {
      const ending = { regular: '', bold: '-Bold', italic: '-Italic' }[face];
      const resource = family === 'sans' ? face : `${family}${face}`;
      used = { use: new FontUse(this.#fonts[family][face]), resource, name: familyNames[family] + ending };
      this.#faces.set(key, used);
    }
    return used;
  }

  #image(mark: ImageMark, xMm: number, yMm: number): void {
    const image = pixelsOfMark(mark, this.#dpi);
    const space =
      'palette' in image ? `[/Indexed /DeviceRGB 255 ${this.#palette(image.palette)}]` : '/DeviceRGB';
    const entries =
      `/Type /XObject /Subtype /Image /Width ${image.cols} /Height ${image.rows} /ColorSpace ${space}` +
      ` /BitsPerComponent 8 /Interpolate ${mark.isSmooth === true} `;
    this.#images.push(this.#file.addStream('palette' in image ? image.cells : image.rgb, entries));
    const [x, y, width, height] = this.#box(mark, xMm, yMm).split(' ');
    this.#lines.push(`q ${width} 0 0 ${height} ${x} ${y} cm /I${this.#images.length - 1} Do Q`);
  }

  #palette(palette: Uint8Array): PdfReference {
    let reference = this.#palettes.get(palette);
    if (!reference) this.#palettes.set(palette, (reference = this.#file.addStream(palette)));
    return reference;
  }
}

/** Page sides to 1e-5 pt, so that a size asked in mm is met. */
const exact = (mm: number): string => String(Math.round(ptOf(mm) * 1e5) / 1e5);

/** #rrggbb as three numbers 0..1. */
function colour(hex: string): string {
  return [1, 3, 5].map((at) => num(parseInt(hex.slice(at, at + 2), 16) / 255)).join(' ');
}
