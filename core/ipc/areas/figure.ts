import { z } from 'zod';
import { presetNames } from '../../figure/presets.ts';
import type { GalleryFigure } from '../../figure/gallery.ts';
import { pageSpecSchema, type PageSpec, type PanelKind } from '../../figure/spec.ts';
import type { BoxMm } from '../../figure/scene.ts';
import { method } from '../define.ts';

export const exportFormats = ['svg', 'png', 'pdf'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Bytes of a hundred figures with forty panels each, and room for their provenance. */
const maximumFiguresBytes = 16 * 1024 * 1024;

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
  /** Where the panels of a page stand on it, in the order of its spec. */
  panels?: BoxMm[];
}

/** A figure kept in the project. */
export interface SavedFigure {
  id: string;
  name: string;
  page: PageSpec;
  /** ISO 8601, UTC. */
  createdAt: string;
  savedAt: string;
  /** Results it was drawn from when it was saved are gone, or newer ones took their place. */
  isStale: boolean;
  /** Which panel and what changed; null where nothing did. */
  staleReason: string | null;
}

/** A kind of panel, and whether the run has what it shows. */
export interface PanelChoice {
  kind: PanelKind;
  label: string;
  /** One sentence. */
  hint: string;
  isAvailable: boolean;
  whyNot: string | null;
}

const figureName = z.string().trim().min(1).max(200);
const figureId = z.string().min(1).max(100);
const picked = z.strictObject({ id: figureId });

export const figureArea = {
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
  /** A page as SVG text, in the theme of the window; the exported one is always on white. */
  renderPage: method<ShownFigure>()(z.strictObject({ page: pageSpecSchema, theme })),
  /** Asks where to save, then writes the page with its data, caption and spec beside it. */
  exportPageDialog: method<{ files: string[]; folder: string } | { cancelled: true }>()(
    z.strictObject({ page: pageSpecSchema, name, format: z.enum(exportFormats), dpi }),
  ),
  /** Figures of the project, the one saved last first. */
  saved: method<SavedFigure[]>()(z.strictObject({})),
  /** Keeps a page with the results that it shows now; with `id` in place of that figure. */
  save: method<SavedFigure>()(
    z.strictObject({ id: figureId.optional(), name: figureName, page: pageSpecSchema }),
  ),
  rename: method<SavedFigure>()(z.strictObject({ id: figureId, name: figureName })),
  remove: method<{ removed: true }>()(picked),
  /** Takes today's results for the figure's, which clears the stale mark. */
  update: method<SavedFigure>()(picked),
  /** Puts the page on the clipboard, on white. */
  copy: method<{ copied: true }>()(
    z.strictObject({ page: pageSpecSchema, format: z.enum(['svg', 'png']), dpi }),
  ),
  /** Asks for a folder once, then writes every page in every format with data, caption and spec. */
  exportAllDialog: method<{ files: string[]; folder: string } | { cancelled: true }>()(
    z.strictObject({
      figures: z
        .array(z.strictObject({ name: figureName, page: pageSpecSchema }))
        .min(1)
        .max(100),
      formats: z.array(z.enum(exportFormats)).min(1).max(exportFormats.length),
      dpi,
    }),
    maximumFiguresBytes,
  ),
  /** Asks for a spec file (`.figure.json`) and reads it. */
  openSpecDialog: method<{ name: string; page: PageSpec } | { cancelled: true }>()(z.strictObject({})),
  /** Which panels the run can draw, for a person who adds one. */
  panelKinds: method<PanelChoice[]>()(
    z.strictObject({
      runId: z.string().min(1).max(100),
      a: name.optional(),
      b: name.optional(),
      layer: name.optional(),
    }),
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
