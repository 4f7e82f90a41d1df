import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '../../core/random.ts';
import { repositoryRoot } from '../support/repository.ts';
import type { Content, Kept, KilledFile } from './killed-file.ts';
import { childrenOf } from './process-memory.ts';

/** Which process is killed: the engine, the command with the project in its hands, or both at once. */
export type Victim = 'engine' | 'command' | 'both';

export interface KillPlan {
  /** Arguments of the command line that makes the file; the same again has to go on. */
  command(file: string): string[];
  /** What is made: a project, or a shard. */
  makes: KilledFile;
  victims: readonly Victim[];
  kills: number;
  seed: number;
  /** Time from one checkpoint to the next, and what writing and storing one may take on this machine. */
  everyMs: number;
  graceMs: number;
  /** Empty; files are made in it. */
  folder: string;
  say?(line: string): void;
}

export interface Kill {
  victim: Victim;
  afterMs: number;
  stage: string;
  /** Images or results that were done at the kill, as last said, and that are kept. */
  done: number;
  kept: number;
}

interface Said {
  at: number;
  stage: string;
  done: number;
  total: number;
}

const program = join(repositoryRoot, 'main/cli/consilience.ts');
const passes = { 'Reading activations': 'first', 'Counting values': 'second' } as const;

/**
 * Runs a command into new files and kills it with SIGKILL at random moments until it ends by itself, again and again.
 *
 * @throws where a kill costs more than what was done since the last checkpoint (of alignment: than the running tasks),
 *   where a file's content is not bit for bit that of an uninterrupted run, or where anything is left behind
 */
export async function killRuns(plan: KillPlan): Promise<Kill[]> {
  const whole = join(plan.folder, 'whole');
  const began = performance.now();
  await start(plan, whole).ended.then(requireDone);
  const wholeMs = performance.now() - began;
  const { makes } = plan;
  const expected = await makes.contentOf(whole);
  makes.checkWhole(whole);
  plan.say?.(
    `An uninterrupted run took ${Math.round(wholeMs)} ms and stored ${expected.size} arrays and records.`,
  );
  const random = createRandom(plan.seed);
  const kills: Kill[] = [];
  for (let round = 0; kills.length < plan.kills; round++) {
    const file = join(plan.folder, `killed-${round}`);
    await killUntilDone(plan, file, kills, () => (wholeMs * random.nextInt(1000)) / 1000);
    requireEqual(await makes.contentOf(file), expected);
    makes.checkWhole(file);
    plan.say?.(`File ${round + 1}: equal after ${kills.length} kills in all.`);
    makes.remove(file);
  }
  return kills;
}

async function killUntilDone(
  plan: KillPlan,
  file: string,
  kills: Kill[],
  moment: () => number,
): Promise<void> {
  let before: Kept = { first: 0, second: 0, results: 0, isCaptured: false };
  for (;;) {
    const victim = plan.victims[kills.length % plan.victims.length];
    const afterMs = moment();
    const run = start(plan, file);
    const isOver = run.ended.then(() => true);
    const isLast = kills.length >= plan.kills;
    if (isLast || (await Promise.race([isOver, delay(afterMs, false)])) || !run.kill(victim)) {
      requireDone(await run.ended);
      return;
    }
    const killedAt = performance.now();
    await run.ended;
    const kept = await plan.makes.keptIn(file);
    const last = run.said.at(-1);
    const kill = {
      victim,
      afterMs,
      stage: last?.stage ?? 'start',
      done: last?.done ?? 0,
      kept: keptOf(last, kept),
    };
    kills.push(kill);
    plan.say?.(
      `${String(kills.length).padStart(3)}  ${victim.padEnd(7)} after ${String(Math.round(afterMs)).padStart(6)} ms: ` +
        `${kill.stage}, ${kill.done} done, ${kill.kept} kept`,
    );
    requireKept(plan, run.said, kept, killedAt);
    if (kept.results < before.results || (!kept.isCaptured && kept.first < before.first))
      throw new Error(`A kill cost what was kept before: ${JSON.stringify({ before, kept })}.`);
    before = kept;
  }
}

/** Of every stage what was done longer ago than from one checkpoint to the next. */
function requireKept({ everyMs, graceMs }: KillPlan, said: Said[], kept: Kept, killedAt: number): void {
  for (const [stage, lines] of Map.groupBy(said, (line) => line.stage)) {
    const last = lines[lines.length - 1];
    // Once everything is read no checkpoint follows: what comes next is stored as a whole.
    const until = last.done === last.total ? last.at : killedAt;
    const safe = lines.findLast(({ at }) => at < until - everyMs - graceMs);
    if (safe && keptOf(safe, kept) < safe.done)
      throw new Error(
        `${stage}: ${safe.done} were done ${Math.round(until - safe.at)} ms before, ${keptOf(safe, kept)} are kept.`,
      );
  }
}

/** What is kept of a stage: all of a pass whose sums are stored. */
function keptOf(said: Said | undefined, kept: Kept): number {
  if (!said) return 0;
  if (said.stage === 'Aligning') return kept.results;
  const pass = passes[said.stage as keyof typeof passes];
  if (pass === undefined) return said.done;
  return pass === 'first' && kept.isCaptured ? said.done : kept[pass];
}

interface Ended {
  status: number | null;
  stderr: string;
}

function start({ command, everyMs }: KillPlan, file: string) {
  const child = spawn(process.execPath, [program, ...command(file)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      CONSILIENCE_CHECKPOINT_MS: String(everyMs),
      CONSILIENCE_PROGRESS_MS: '0',
    },
  });
  const said: Said[] = [];
  // The first pass counts from the start again where it is several.
  let [before, last] = [0, 0];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const [, stage, done, total] of text.matchAll(/^([A-Z][a-z ]+), (\d+) of (\d+) /gm)) {
      if (said.at(-1)?.stage !== stage) [before, last] = [0, 0];
      if (Number(done) < last) before += Number(total);
      last = Number(done);
      said.push({ at: performance.now(), stage, done: before + last, total: before + Number(total) });
    }
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (status) => resolve({ status, stderr })));
  const kill = (victim: Victim): boolean => {
    if (child.exitCode !== null || child.pid === undefined) return false;
    const engines = childrenOf(child.pid).filter(isEngine);
    const victims = { engine: engines, command: [child.pid], both: [child.pid, ...engines] }[victim];
    return victims.map((pid) => process.kill(pid, 'SIGKILL')).length > 0;
  };
  return { ended, said, kill };
}

function isEngine(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine.process');
  } catch {
    return false;
  }
}

function requireDone({ status, stderr }: Ended): void {
  if (status !== 0) throw new Error(`A run that nobody killed ended with status ${status}:\n${stderr}`);
}

function requireEqual(found: Content, expected: Content): void {
  const differing = [...new Set([...found.keys(), ...expected.keys()])].filter(
    (key) => found.get(key) !== expected.get(key),
  );
  if (differing.length > 0)
    throw new Error(
      `${differing.length} arrays or records differ, the first: ${differing.slice(0, 5).join(', ')}.`,
    );
}
