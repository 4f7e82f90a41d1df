import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageFolder, repositoryRoot } from '../support/repository.ts';
import { lastLines, runCommand } from '../support/run-command.ts';
import { NOTHING, summarizeReport } from './counts.ts';
import type { ReportSummary } from './counts.ts';

const PROJECT_LIMIT_MS = 15 * 60_000;
const LIST_LIMIT_MS = 60_000;

/** Where and how a project runs; the fields not given are this process's own. */
export interface RunPlace {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Folder that the tests' user may write the report into. */
  reportFolder?: string;
  /** Puts another program (xvfb-run, runuser) in front. */
  wrap?: (command: string, args: string[]) => [string, string[]];
  node?: string;
}

/** Runs one vitest project, its output shown, and returns the summary of its report. */
export async function runProject(project: string, place: RunPlace = {}): Promise<ReportSummary> {
  const cwd = place.cwd ?? repositoryRoot;
  const own = place.reportFolder ? undefined : await mkdtemp(path.join(tmpdir(), 'consilience-report-'));
  const reportFile = path.join(place.reportFolder ?? own!, `${project}.json`);
  const wrap = place.wrap ?? ((command, args) => [command, args]);
  const options = [
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
  ];
  // The runner loads the config without writing beside it, which the end-to-end tests' user may not.
  const vitest = ['run', '--project', project, '--configLoader=runner', '--no-cache', ...options];
  const [command, args] = wrap(place.node ?? process.execPath, [vitestEntry(cwd), ...vitest]);
  try {
    const run = await runCommand(command, args, {
      cwd,
      env: place.env ?? process.env,
      timeoutMs: PROJECT_LIMIT_MS,
      output: 'show',
    });
    if (run.isTimedOut) return failed(`${project}: stopped after ${PROJECT_LIMIT_MS / 60_000} minutes`);
    return summarizeReport(await readFile(reportFile, 'utf8'), run.status);
  } catch (error) {
    return failed(`${project}: vitest left no readable report (${(error as Error).message})`);
  } finally {
    if (own) await rm(own, { recursive: true, force: true });
  }
}

function failed(reason: string): ReportSummary {
  return { counts: { ...NOTHING, failed: 1 }, skippedTests: [], failures: [reason], secondTries: [] };
}

/** Whether a project has any test file. */
export async function hasTests(project: string): Promise<boolean> {
  return (await listed(project, [['--filesOnly']])) > 0;
}

/**
 * Number of tests in a project without running them: of those that the files define when loaded, else (where loading
 * needs what is missing) of those that their text shows, else of the files.
 */
export function countTests(project: string): Promise<number> {
  return listed(project, [['--no-static-parse'], ['--static-parse'], ['--filesOnly']]);
}

async function listed(project: string, ways: string[][]): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'consilience-list-'));
  try {
    let why = '';
    for (const [index, way] of ways.entries()) {
      const file = path.join(folder, `${index}.json`);
      const args = [vitestEntry(repositoryRoot), 'list', '--project', project, ...way, `--json=${file}`];
      const run = await runCommand(process.execPath, args, { cwd: repositoryRoot, timeoutMs: LIST_LIMIT_MS });
      const text = run.status === 0 ? await readFile(file, 'utf8').catch(() => undefined) : undefined;
      if (text !== undefined) return (JSON.parse(text) as unknown[]).length;
      why = lastLines(run.stderr, 3);
    }
    throw new Error(`The tests of the project ${project} could not be listed: ${why}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function vitestEntry(root: string): string {
  return root === repositoryRoot
    ? path.join(packageFolder('vitest'), 'vitest.mjs')
    : path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
}
