import type { Handlers } from '#core/ipc/contract.ts';
import type { HandlerContext } from '../context.ts';
import { analysisHandlers } from './analysis.ts';
import { datasetHandlers } from './dataset.ts';
import { figureHandlers } from './figure.ts';
import { jobHandlers } from './job.ts';
import { networkHandlers } from './network.ts';
import { projectHandlers } from './project.ts';
import { resultHandlers } from './result.ts';
import { settingsHandlers } from './settings.ts';
import { windowHandlers } from './window.ts';
import { unitHandlers } from './unit.ts';

/** The whole contract, answered. */
export const handlers: Handlers<HandlerContext> = {
  project: projectHandlers,
  network: networkHandlers,
  dataset: datasetHandlers,
  analysis: analysisHandlers,
  job: jobHandlers,
  result: resultHandlers,
  figure: figureHandlers,
  settings: settingsHandlers,
  window: windowHandlers,
  unit: unitHandlers,
};
