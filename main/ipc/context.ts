import type { EngineMethods } from '#core/ipc/engine.ts';
import type { Estimator } from '../app/estimator.ts';
import type { Clipboard, Dialogs, Windows } from '../app/ports.ts';
import type { ProjectSession } from '../app/project-session.ts';
import type { RecentProjects } from '../app/recent-projects.ts';
import type { SampleProject } from '../app/sample-project.ts';
import type { EngineService, FigureService, RunRequest } from '../app/services.ts';
import type { SettingsStore } from '../app/settings-store.ts';
import type { TokenStore } from '../app/token-store.ts';
import type { Recipe } from '#core/domain/recipe.ts';

/** What a handler may use. One per window: session, engine, dialogs and estimator are that window's, the rest is shared. */
export interface HandlerContext {
  session: ProjectSession;
  dialogs: Dialogs;
  windows: Windows;
  estimator: Estimator;
  engine: EngineService;
  figures: FigureService;
  clipboard: Clipboard;
  tokens: TokenStore;
  settings: SettingsStore;
  recents: RecentProjects;
  sample: SampleProject;
  recipes: RecipeReader;
}

/** The recipe reader of the command line, used by the window for the same checks and the same words. */
export interface RecipeReader {
  parse(text: string, fileLabel: string): Recipe;
  /** `engine` reads the networks where the recipe's layers are patterns. */
  load(path: string, engine?: Pick<EngineMethods, 'inspectModel' | 'inspectData'>): Promise<RunRequest>;
}
