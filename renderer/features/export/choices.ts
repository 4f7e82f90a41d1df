import type { ExportFormat, FigureRequest } from '#core/ipc/areas/figure.ts';
import type { Choice } from '../../app/choice.svelte.ts';
import { plural } from '../../ui/format.ts';

export const figureChoices: { kind: FigureRequest['kind']; label: string }[] = [
  { kind: 'correlation-quad', label: 'Figure 1: four correlations' },
  { kind: 'matching-curves', label: 'Figure 3: semi-match and match' },
  { kind: 'layer-means', label: 'Figure 4: mean per layer' },
];

export const formatChoices: { format: ExportFormat; label: string }[] = [
  { format: 'pdf', label: 'PDF' },
  { format: 'svg', label: 'SVG' },
  { format: 'png', label: 'PNG' },
];

export const presetChoices: { preset: FigureRequest['preset']; label: string }[] = [
  { preset: 'nature-single', label: 'Nature, one column (89 mm)' },
  { preset: 'nature-double', label: 'Nature, two columns (183 mm)' },
  { preset: 'neurips', label: 'NeurIPS, text width' },
  { preset: 'icml', label: 'ICML, column' },
  { preset: 'slide', label: 'Slide, 16:9' },
];

/** The request for a figure of what is chosen; null where its results are missing. */
export function requestOf(
  choice: Choice,
  kind: FigureRequest['kind'],
  preset: FigureRequest['preset'],
  colours: NonNullable<FigureRequest['colours']>,
): FigureRequest | null {
  const { run, a, b, layer, matching } = choice;
  if (!run) return null;
  if (kind === 'layer-means') return { kind, runId: run.id, preset };
  if (!matching) return null;
  const ofPair = { kind, runId: run.id, a, b, layer, preset };
  return kind === 'correlation-quad' ? { ...ofPair, colours } : ofPair;
}

/** "Figure and 5 files beside it written to FOLDER": its numbers and its caption are the files beside it. */
export function writtenWords(files: readonly string[], folder: string): string {
  const beside = files.length > 1 ? ` and ${plural(files.length - 1, 'file')} beside it` : '';
  return `Figure${beside} written to ${folder}`;
}
