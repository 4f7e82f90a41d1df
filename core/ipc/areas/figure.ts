import { z } from 'zod';
import { presetNames } from '../../figure/presets.ts';
import type { GalleryFigure } from '../../figure/gallery.ts';
import { pageSpecSchema } from '../../figure/spec.ts';
import { method } from '../define.ts';

/** Figures that exist, each made from stored results. */
export const figureRequest = z.strictObject({
  kind: z.enum(['correlation-quad', 'matching-curves', 'layer-means']),
  /** The run whose results are drawn. */
  runId: z.string().min(1).max(100),
  /** Network pair and layer, for the kinds that show one pair. */
  a: z.string().max(200).optional(),
  b: z.string().max(200).optional(),
  layer: z.string().max(200).optional(),
  preset: z.enum(presetNames),
  colours: z.enum(['diverging', 'paper-grey']).optional(),
});
export type FigureRequest = z.infer<typeof figureRequest>;

export const exportFormats = ['svg', 'png', 'pdf'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Characters of the largest picture of the window that is saved: 48 MiB of PNG. */
const maximumPictureText = 64 * 1024 * 1024;

const name = z.string().min(1).max(200);
const theme = z.enum(['light', 'dark']);
const dpi = z.int().min(72).max(2400);

/** A figure as it is shown. */
export interface ShownFigure {
  svg: string;
  widthMm: number;
  heightMm: number;
  caption: string;
  warnings: string[];
}

export const figureArea = {
  /** The figure as SVG text, in the theme of the window; the exported one is always on white. */
  render: method<ShownFigure>()(z.strictObject({ figure: figureRequest, theme })),
  /** Every figure of the paper and the ladder that a run allows, as specs of one pair and layer. */
  gallery: method<GalleryFigure[]>()(
    z.strictObject({
      runId: z.string().min(1).max(100),
      a: name.optional(),
      b: name.optional(),
      layer: name.optional(),
      preset: z.enum(presetNames).optional(),
    }),
  ),
  /** A page from its spec, as `render`. */
  renderPage: method<ShownFigure>()(z.strictObject({ page: pageSpecSchema, theme })),
  /** Asks where to save, then writes the page with its data, caption and spec beside it. */
  exportPageDialog: method<{ files: string[]; folder: string } | { cancelled: true }>()(
    z.strictObject({ page: pageSpecSchema, name, format: z.enum(exportFormats), dpi }),
  ),
  /** Asks where to save, then writes the figure with its data (CSV) and caption beside it. */
  exportDialog: method<{ files: string[]; folder: string } | { cancelled: true }>()(
    z.strictObject({ figure: figureRequest, format: z.enum(exportFormats), dpi }),
  ),
  /** Asks where to save, then writes a picture that the window drew: PNG, in base64. */
  savePicture: method<{ file: string; folder: string } | { cancelled: true }>()(
    z.strictObject({
      name: z.string().min(1).max(200),
      png: z
        .string()
        .max(maximumPictureText)
        .regex(/^iVBORw0KGgo[A-Za-z0-9+/]*={0,2}$/, 'must be a PNG in base64'),
    }),
    maximumPictureText + 1024,
  ),
};
