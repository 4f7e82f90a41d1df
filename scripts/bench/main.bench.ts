import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { largestDifference, type PeerScores } from './main-job-difference.ts';
import { mainJobs, prepareJob, type MainJob } from './main-jobs.ts';
import { measureCommand } from './measured-command.ts';
import { pythonWith, runPeer } from './python-peer.ts';
import { keepRecord, machineClass, markdownTable } from './record.ts';

const threads = 2;
/** Of the peer: what scripts take, and the best of 16, 32 and 64 for its time. */
const peerBatch = 32;
const [timeGoal, memoryGoal, allowedDifference] = [0.7, 0.5, 1e-5];
interface Peer {
  processSeconds: number;
  processorSeconds: number;
  inferenceSeconds: number;
  passSeconds: number;
  peakMiB: number;
  torch: string;
  scores: PeerScores;
}

interface Ours {
  seconds: number;
  processorSeconds: number;
  peakMiB: number;
  engineMiB: number;
  timings: Record<string, number>;
}

/**
 * `npm run bench -- main [--peers] [--only CASE] [--rounds 3] [--images N]`: the whole main job (inference, moments,
 * correlation, matching) by the command line, against PyTorch, NumPy and SciPy on the same networks and images, in
 * turns. Time, peak memory of all processes, and the largest difference between the correlations.
 */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      peers: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '3' },
      images: { type: 'string' },
      batch: { type: 'string' },
    },
  });
  const python = values.peers ? await pythonWith(['numpy', 'scipy', 'torch']) : null;
  if (values.peers && !python)
    throw new Error(
      '--peers needs a Python with numpy, scipy and torch (Debian: python3-torch python3-scipy).',
    );
  const chosen = mainJobs.filter(({ name }) => name.includes(values.only));
  const measured = [];
  for (const one of chosen) {
    const asked = {
      ...one,
      images: one.name === 'samples' ? one.images : Number(values.images ?? one.images),
    };
    measured.push(await measureCase(asked, python, Number(values.rounds), Number(values.batch ?? 0)));
  }
  report(measured);
  if (values.keep) keepRecord('main', { threads, peerBatch, measured });
}

type Measured = Awaited<ReturnType<typeof measureCase>>;

async function measureCase(one: MainJob, python: string | null, rounds: number, batch: number) {
  const folder = mkdtempSync(join(tmpdir(), 'consilience-main-'));
  try {
    const recipe = await prepareJob(one, folder, batch);
    const ours: Ours[] = [];
    const peer: Peer[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(await runOurs(recipe, join(folder, `p-${round}.consilience`)));
      if (python)
        peer.push(
          await runPeer(python, 'scripts/bench/peers/main_job.py', [one.name, folder, String(peerBatch)]),
        );
      console.error(
        `${one.name}, round ${round + 1}: ours ${brief(ours[round])} (engine ${ours[round].engineMiB.toFixed(0)}), peer ${python ? brief({ ...peer[round], seconds: peer[round].processSeconds }) : 'not run'}`,
      );
    }
    const difference = python
      ? await largestDifference(join(folder, 'p-0.consilience'), join(folder, 'peer'), peer[0].scores)
      : null;
    return { name: one.name, networks: one.networks, images: one.images, ours, peer, difference };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function brief({
  seconds,
  processorSeconds,
  peakMiB,
}: Pick<Ours, 'seconds' | 'processorSeconds' | 'peakMiB'>): string {
  return `${seconds.toFixed(2)} s (${processorSeconds.toFixed(1)} s of processors), ${peakMiB.toFixed(0)} MiB`;
}

async function runOurs(recipe: string, project: string): Promise<Ours> {
  const run = await measureCommand([
    ...['run', recipe, '--project', project, '--threads', String(threads), '--json'],
  ]);
  const { timings } = JSON.parse(run.stdout) as { timings: Record<string, number> };
  const { seconds, processorSeconds, commandMiB, engineMiB } = run;
  return { seconds, processorSeconds, peakMiB: commandMiB + engineMiB, engineMiB, timings };
}

function median(values: number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[sorted.length >> 1];
}

function report(measured: Measured[]): void {
  const rows = measured.map(({ name, networks, images, ours, peer, difference }) => {
    const of = (pick: (run: Ours) => number) => median(ours.map(pick));
    const their = (pick: (run: Peer) => number) => (peer.length > 0 ? median(peer.map(pick)) : NaN);
    const time = [of((run) => run.seconds), their((run) => run.processSeconds)];
    const work = [of((run) => run.processorSeconds), their((run) => run.processorSeconds)];
    const memory = [of((run) => run.peakMiB), their((run) => run.peakMiB)];
    const both = ([mine, theirs]: number[], digits: number) =>
      `${mine.toFixed(digits)} / ${theirs.toFixed(digits)}`;
    const ratio = ([mine, theirs]: number[]) => (mine / theirs).toFixed(2);
    return [
      `${name}, ${networks} networks, ${images} images`,
      ...[both(time, 2), ratio(time), both(work, 1), ratio(work), both(memory, 0), ratio(memory)],
      difference === null ? '' : difference.toExponential(1),
    ];
  });
  const head = [
    'job',
    ...['s, ours / peer', `ratio (goal ${timeGoal})`, 'processor s', 'ratio'],
    ...['peak MiB', `ratio (goal ${memoryGoal})`, `largest difference (allowed ${allowedDifference})`],
  ];
  console.log(`${machineClass()}, ${threads} threads, medians\n\n${markdownTable(head, rows)}`);
  const parts = ['sessionMs', 'decodeWaitMs', 'inferenceMs', 'accumulateMs', 'analyseMs', 'storeMs'];
  for (const { name, ours } of measured) {
    const [{ timings }] = ours;
    console.log(`${name}: ${parts.map((part) => `${part} ${timings[part].toFixed(0)}`).join(', ')}`);
  }
  if (measured.some(({ difference }) => (difference ?? 0) > allowedDifference)) process.exitCode = 1;
}
