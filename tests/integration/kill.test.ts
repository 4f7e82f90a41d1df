import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom } from '#core/random.ts';
import {
  engineProcesses,
  processMark,
  runCommand,
  startCommand,
  until,
  type Finished,
} from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

/** In every run of the tests; `npm run bench -- kills --kills 50` does more. */
const kills = 8;

interface Numbers {
  results: { id: string; headline: Record<string, number> }[];
}

const delay = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const reported = ({ stdout }: Finished) => numbersOf(JSON.parse(stdout) as Numbers);

function numbersOf({ results }: Numbers): Map<string, Record<string, number>> {
  return new Map(results.map(({ id, headline }) => [id, headline]));
}

/** What the project holds; 0 results where no file was made yet. */
async function open(project: string): Promise<Map<string, Record<string, number>>> {
  if (!existsSync(project)) return new Map();
  const { status, stdout, stderr } = await runCommand(['results', project, '--json']);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return numbersOf({ results: JSON.parse(stdout) as Numbers['results'] });
}

const recipeOptions = { networks: ['Net1', 'Net2', 'Net5'], limit: 200, more: 'batch: 16' };
/** Three pairs, two layers, two analyses. */
const resultCount = 12;

describe.skipIf(process.platform !== 'linux')('run, interrupted', () => {
  it(`by SIGKILL at ${kills} random moments: the project opens, a rerun gives the same numbers, no engine stays`, async () => {
    const folder = temporaryFolder();
    const { mark, environment } = processMark();
    const recipe = writeRecipe(folder, recipeOptions);
    const run = (project: string) =>
      startCommand(['run', recipe, '--project', project, '--json'], environment);
    let began = performance.now();
    const expected = reported(await run(join(folder, 'whole')).finished);
    let wholeMs = performance.now() - began;
    expect(expected.size).toBe(resultCount);

    const random = createRandom(2026);
    const project = join(folder, 'killed');
    const stored: number[] = [];
    let reruns = 0;
    for (let round = 0; stored.length < kills; round++) {
      expect(round, 'runs end before they are killed').toBeLessThan(3 * kills);
      began = performance.now();
      const { child, finished, stderr } = run(project);
      const ended = finished.then(() => true);
      // Any moment of the run, and every other time one at which results are being stored.
      if (round % 2 === 0) await delay((wholeMs * random.nextInt(1000)) / 1000);
      else {
        while (!stderr().includes('Aligning') && !(await Promise.race([ended, delay(2).then(() => false)])));
        await delay(random.nextInt(60));
      }
      child.kill('SIGKILL');
      const { signal } = await finished;
      await until('no engine is left', () => engineProcesses({ mark }).length === 0, 3000);
      const held = await open(project);
      for (const [id, headline] of held) expect(headline).toEqual(expected.get(id));
      if (signal === 'SIGKILL') stored.push(held.size);
      else wholeMs = Math.min(wholeMs, performance.now() - began);
      if (signal === 'SIGKILL' && round % 4 !== 0) continue;
      const rerun = await run(project).finished;
      expect(rerun.status).toBe(0);
      expect(reported(rerun)).toEqual(expected);
      // A project killed while it was being made leaves a file that a later opening clears away after a minute.
      const left = readdirSync(folder).filter((name) => !name.startsWith('killed.new-'));
      expect(left.sort()).toEqual(['killed', 'recipe.yaml', 'whole']);
      rmSync(project);
      reruns++;
    }
    console.log(
      `${kills} runs killed within ${Math.round(wholeMs)} ms, results stored: ${stored.join(', ')}; ${reruns} reruns equal`,
    );
  }, 240_000);

  it('by the death of its engine: a plain sentence, exit 1, the project opens and a rerun completes', async () => {
    const folder = temporaryFolder();
    const { environment } = processMark();
    const recipe = writeRecipe(folder, { ...recipeOptions, limit: 1000, more: 'batch: 8' });
    const project = join(folder, 'p');
    const run = startCommand(['run', recipe, '--project', project, '--json'], environment);
    await until('activations are read', () => run.stderr().includes('Reading activations'));
    const [engine] = engineProcesses({ parent: run.pid });
    process.kill(engine, 'SIGKILL');
    const { status, stdout, stderr } = await run.finished;
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(
      'The engine process was ended by SIGKILL. The project file is intact; run again to compute what is missing.',
    );
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await open(project)).size).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['p', 'recipe.yaml']);
    const rerun = await runCommand(['run', recipe, '--project', project, '--json'], environment);
    expect(reported(rerun).size).toBe(resultCount);
  }, 120_000);

  it.each([
    ['Ctrl-C at a terminal, which reaches engine and all', (pid: number) => process.kill(-pid, 'SIGINT')],
    ['SIGINT to the command alone', (pid: number) => process.kill(pid, 'SIGINT')],
  ])(
    'by %s: exit 130, a valid project, no engine left',
    async (_, interrupt) => {
      const folder = temporaryFolder();
      const { mark, environment } = processMark();
      const recipe = writeRecipe(folder, { ...recipeOptions, limit: 2000, more: 'batch: 8' });
      const project = join(folder, 'p');
      const run = startCommand(['run', recipe, '--project', project], environment);
      await until('activations are read', () => run.stderr().includes('Reading activations'));
      interrupt(run.pid);
      const { status, stderr, stdout } = await run.finished;
      expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
      expect(stderr).toMatch(/The job was cancelled; what was stored before stays\.\n$/);
      await until('no engine is left', () => engineProcesses({ mark }).length === 0, 3000);
      expect(existsSync(project)).toBe(true);
      expect((await open(project)).size).toBe(0);
      expect(readdirSync(folder).sort()).toEqual(['p', 'recipe.yaml']);
    },
    60_000,
  );
});
