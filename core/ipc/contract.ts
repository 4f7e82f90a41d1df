import type { JobInfo } from '../domain/job.ts';
import type { ProjectSummary } from '../domain/project.ts';
import type { Result } from '../result.ts';
import type { EngineStatus, Settings } from './areas/settings.ts';
import type { InputOf, OutputOf, ParsedInputOf } from './define.ts';
import { analysisArea } from './areas/analysis.ts';
import { datasetArea } from './areas/dataset.ts';
import { figureArea } from './areas/figure.ts';
import { jobArea } from './areas/job.ts';
import { networkArea } from './areas/network.ts';
import { projectArea } from './areas/project.ts';
import { resultArea } from './areas/result.ts';
import { settingsArea } from './areas/settings.ts';
import { windowArea, type DroppedFiles, type MenuCommand } from './areas/window.ts';
import { unitArea } from './areas/unit.ts';

/** Every method the window may call, by area. Handlers and client both derive their types from this table. */
export const contract = {
  project: projectArea,
  network: networkArea,
  dataset: datasetArea,
  analysis: analysisArea,
  job: jobArea,
  result: resultArea,
  figure: figureArea,
  settings: settingsArea,
  window: windowArea,
  unit: unitArea,
} as const;

export type Contract = typeof contract;
export type AreaName = keyof Contract;

/** `handlers.project.recent(input, context)`; a missing handler does not compile. */
export type Handlers<Context> = {
  [A in AreaName]: {
    [M in keyof Contract[A]]: (
      input: ParsedInputOf<Contract[A][M]>,
      context: Context,
    ) => Promise<OutputOf<Contract[A][M]>> | OutputOf<Contract[A][M]>;
  };
};

/** `client.project.recent({})` resolves to the envelope; failures are values the interface switches on. */
export type Client = {
  [A in AreaName]: {
    [M in keyof Contract[A]]: (input: InputOf<Contract[A][M]>) => Promise<Result<OutputOf<Contract[A][M]>>>;
  };
};

/** What main pushes to the window. */
export interface Events {
  'job:changed': JobInfo;
  'project:changed': ProjectSummary;
  'engine:changed': EngineStatus;
  'settings:changed': Settings;
  'menu:command': MenuCommand;
}
export type EventName = keyof Events;

/** The one object the preload script exposes, as `window.consilience`. */
export interface Bridge {
  invoke(area: string, method: string, input: unknown): Promise<Result<unknown>>;
  /** `File`s that were dropped on the page: their paths go to main by themselves, never through the page. */
  drop(files: readonly object[]): Promise<Result<DroppedFiles>>;
  subscribe<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void;
}
