import type { PageSpec, PanelKind } from '../figure/spec.ts';
import type { AnalysisName } from './recipe.ts';

/** What one panel of a saved figure was drawn from. */
export interface PanelSources {
  kind: PanelKind;
  results: { id: string; analysis: AnalysisName }[];
  /** The pass over the data whose statistics or pictures it shows; null where it shows none. */
  capture: string | null;
  /** Why there was nothing to draw; null where there was. */
  problem: string | null;
}

/** What a figure was drawn from when it was saved. */
export interface FigureSources {
  /** The run it showed, whether its page names one or takes the newest; null in a project without runs. */
  run: string | null;
  /** The newest run of the project then: later ones may take the place of `run`. */
  newestRun: string | null;
  panels: PanelSources[];
}

/** A figure as the project file keeps it. */
export interface StoredFigure {
  id: string;
  name: string;
  page: PageSpec;
  sources: FigureSources;
  createdAt: string;
  savedAt: string;
}
