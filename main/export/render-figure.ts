import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Theme } from '#core/figure/colour/sets.ts';
import type { Figure } from '#core/figure/data.ts';
import { layoutFigure } from '#core/figure/layout/layout-figure.ts';
import { lintScene } from '#core/figure/lint.ts';
import { sceneToSvg } from '#core/figure/svg.ts';
import type { SvgOptions } from '#core/figure/svg.ts';
import { tablesOf } from '#core/figure/table.ts';
import { csvText } from './csv.ts';
import { sourceFontFolder } from './png.ts';

/** A figure ready to be shown or written. */
export interface RenderedFigureParts {
  svg: string;
  widthMm: number;
  heightMm: number;
  caption: string;
  warnings: string[];
  /** CSV text by table name; made when first read, because a matrix is far longer as text than as a picture. */
  readonly tables: Record<string, string>;
}

/** zlib for the matrices inside an SVG. */
const deflate = (bytes: Uint8Array): Uint8Array => deflateSync(bytes, { level: 6 });

/** Lays a figure out and writes it as SVG: the one path to the screen and to every file. */
export function renderFigure(
  figure: Figure,
  theme: Theme = 'light',
  options: Omit<SvgOptions, 'deflate'> = {},
): RenderedFigureParts {
  const scene = layoutFigure(figure, theme);
  let tables: Record<string, string> | undefined;
  return {
    svg: sceneToSvg(scene, { ...options, deflate }),
    widthMm: scene.widthMm,
    heightMm: scene.heightMm,
    caption: scene.description,
    warnings: lintScene(scene),
    get tables() {
      tables ??= Object.fromEntries(
        tablesOf(figure).map((table) => [table.name, csvText(table.header, table.rows)]),
      );
      return tables;
    },
  };
}

/** The bundled fonts in base64, for an SVG or a page that has to look the same without them installed. */
export async function embeddedFonts(
  fontFolder = sourceFontFolder,
): Promise<Required<SvgOptions>['embedFont']> {
  const read = (style: string): Promise<string> => readFile(join(fontFolder, `Arimo-${style}.ttf`), 'base64');
  const [regular, bold, italic] = await Promise.all([read('Regular'), read('Bold'), read('Italic')]);
  return { regular, bold, italic };
}
