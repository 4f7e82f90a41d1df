import type { JobStage } from '#core/domain/job.ts';
import { formatCount } from '#core/figure/ticks.ts';
import { createEstimator } from '../app/estimator.ts';
import type { RunRequest } from '../app/services.ts';
import { createEngineService } from '../engine/supervisor.ts';
import { tookWords } from '../jobs/job-log.ts';
import { loadRecipe } from '../recipe/load.ts';
import { printJson, printLine, printTable } from './output.ts';

const stageWords: Partial<Record<JobStage, string>> = {
  starting: 'engine',
  capturing: 'first pass over the data',
  counting: 'second pass over the data',
  analysing: 'comparing units',
  storing: 'storing',
};

/** `consilience estimate`. */
export async function estimate(recipePath: string, options: { json?: true }): Promise<void> {
  const request = await loadWithEngine(recipePath);
  const estimator = createEstimator(() => createEngineService());
  const interrupt = () => void (estimator.cancel() || process.exit(130));
  process.on('SIGINT', interrupt);
  try {
    const answer = await estimator.estimate(request, null);
    if (options.json) {
      printJson(answer);
      return;
    }
    printTable(
      ['stage', 'time'],
      answer.stages.map(({ stage, seconds }) => [stageWords[stage] ?? stage, tookWords(seconds * 1000)]),
    );
    printLine();
    printLine(
      `About ${tookWords(answer.seconds * 1000)} for ${formatCount(answer.results)} results over ` +
        `${formatCount(answer.images)} images on ${answer.threads} threads; up to ${mebibytes(answer.memoryBytes)} of ` +
        `memory in the engine; the project grows by about ${mebibytes(answer.diskBytes)}.`,
    );
    for (const note of answer.notes) printLine(`note: ${note}`);
    printLine(`Measured in ${tookWords(answer.measuredSeconds * 1000)}.`);
  } finally {
    process.off('SIGINT', interrupt);
  }
}

/** The estimate has an engine of its own; this one looks at networks whose layers the recipe gives by pattern. */
async function loadWithEngine(recipePath: string): Promise<RunRequest> {
  const engine = createEngineService();
  try {
    return await loadRecipe(recipePath, engine.methods);
  } finally {
    await engine.stop();
  }
}

function mebibytes(bytes: number): string {
  const value = bytes / 2 ** 20;
  return value < 1024
    ? `${formatCount(Math.max(1, Math.round(value)))} MiB`
    : `${(value / 1024).toFixed(1)} GiB`;
}
