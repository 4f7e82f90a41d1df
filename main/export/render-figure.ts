import type { Theme } from '#core/figure/colour/sets.ts';
import type { Figure } from '#core/figure/data.ts';
import { defaultDpi } from '#core/figure/drawn-image.ts';
import { layoutFigure } from '#core/figure/layout/layout-figure.ts';
import { lintScene } from '#core/figure/lint.ts';
import type { Scene } from '#core/figure/scene.ts';
import { sceneToSvg } from '#core/figure/svg.ts';
import type { SvgOptions } from '#core/figure/svg.ts';
import { tablesOf, type FigureTable } from '#core/figure/table.ts';
import { base64, deflate } from './deflate.ts';

/** A figure ready to be shown or written. */
export interface RenderedFigureParts {
  scene: Scene;
  /** Made when first read: not every export needs it. */
  readonly svg: string;
  widthMm: number;
  heightMm: number;
  caption: string;
  warnings: string[];
  /** The data behind the figure; rows are made as they are read. */
  readonly tables: FigureTable[];
}

/** Lays a figure out: the one path to the screen and to every file. */
export function renderFigure(
  figure: Figure,
  theme: Theme = 'light',
  options: Omit<SvgOptions, 'deflate' | 'base64'> = {},
): RenderedFigureParts {
  const scene = layoutFigure(figure, theme);
  let svg: string | undefined;
  return {
    scene,
    get svg() {
      return (svg ??= sceneToSvg(scene, { cellDpi: defaultDpi, ...options, deflate, base64 }));
    },
    widthMm: scene.widthMm,
    heightMm: scene.heightMm,
    caption: scene.description,
    warnings: lintScene(scene),
    get tables() {
      return tablesOf(figure);
    },
  };
}
