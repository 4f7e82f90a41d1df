import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabaseMethods } from '../../native-workers/database/methods.ts';
import { watchCard } from './card-memory.ts';
import { largestDifference, type PeerScores } from './main-job-difference.ts';
import { mainJobs, prepareJob, type MainJob } from './main-jobs.ts';
import { measureCommand } from './measured-command.ts';
import { pythonWith, runPeer } from './python-peer.ts';
import { keepRecord, machineClass, markdownTable } from './record.ts';

/** Where the networks run and what leaves their graph: `PROVIDER/MOMENTS`. */
const defaultVariants = ['cpu/captured', 'cuda/captured', 'cuda/fused', 'cuda/fused-float64', 'webgpu/fused'];
const defaultImages = 1024;
const peerScript = 'scripts/bench/peers/main_job.py';

interface Peer {
  processSeconds: number;
  inferenceSeconds: number;
  passSeconds: number;
  peakMiB: number;
  cardMiB: number | null;
  torch: string;
  scores: PeerScores;
}

interface Ours {
  seconds: number;
  hostMiB: number;
  cardMiB: number | null;
  timings: Record<string, number>;
  /** Providers that ran, and where products were taken. */
  ran: string;
  difference: number | null;
}

/** One line of the table. */
interface Row {
  variant: string;
  runs: Ours[];
  /** Why it did not run. */
  problem: string | null;
}

/**
 * `npm run bench -- gpu [--only CASE] [--variants cpu/captured,cuda/fused] [--rounds 2] [--images 1024] [--batch 64]`:
 * the whole main job by the command line on each provider, with moments captured or taken inside the graph, against
 * PyTorch with hooks and products on the same card; all in turns. Differences are those of the correlations from
 * PyTorch in float64 throughout (networks too) on that card.
 */
export async function bench(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      variants: { type: 'string', default: defaultVariants.join(',') },
      rounds: { type: 'string', default: '2' },
      images: { type: 'string', default: String(defaultImages) },
      batch: { type: 'string', default: '64' },
      device: { type: 'string', default: 'cuda' },
      keep: { type: 'boolean', default: false },
    },
  });
  const python = await pythonWith(['numpy', 'scipy', 'torch']);
  if (!python) throw new Error('The peer needs a Python with numpy, scipy and torch (built for CUDA).');
  const [rounds, batch] = [Number(values.rounds), Number(values.batch)];
  const measured = [];
  for (const one of mainJobs.filter(({ name }) => name.includes(values.only))) {
    const images = one.name === 'samples' ? one.images : Number(values.images);
    const options = { python, rounds, batch, device: values.device, variants: values.variants.split(',') };
    const found = await measureJob({ ...one, images }, options);
    measured.push(found);
    report(found);
  }
  if (values.keep) keepRecord('gpu', { batch, measured });
}

type Measured = Awaited<ReturnType<typeof measureJob>>;

async function measureJob(
  one: MainJob,
  asked: { python: string; rounds: number; batch: number; device: string; variants: string[] },
) {
  const folder = mkdtempSync(join(tmpdir(), 'consilience-gpu-'));
  const { python, rounds, batch, device } = asked;
  const runPrecision = (precision: string) =>
    runPeer<Peer>(python, peerScript, [one.name, folder, String(batch), device, precision]);
  try {
    const recipe = await prepareJob(one, folder, batch);
    const exact = await runPrecision('float64');
    renameSync(join(folder, 'peer'), join(folder, 'exact'));
    const peer: Peer[] = [];
    const rows: Row[] = asked.variants.map((variant) => ({ variant, runs: [], problem: null }));
    for (let round = 0; round < rounds; round++) {
      for (const row of rows.filter(({ problem }) => problem === null)) {
        try {
          const project = join(folder, `${row.variant.replace('/', '-')}-${round}.consilience`);
          const run = await runOurs(recipe, project, row.variant);
          row.runs.push(run);
          console.error(`${one.name}, ${row.variant}: ${JSON.stringify(run)}`);
          if (round === 0)
            row.runs[0].difference = await largestDifference(project, join(folder, 'exact'), exact.scores);
        } catch (error) {
          row.problem = error instanceof Error ? error.message : String(error);
          console.error(`${one.name}, ${row.variant}: ${row.problem}`);
        }
      }
      peer.push(await runPrecision('float32'));
    }
    const difference = largestBetween(join(folder, 'peer'), join(folder, 'exact'));
    return { name: one.name, networks: one.networks, images: one.images, rows, peer, difference };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runOurs(recipe: string, project: string, variant: string): Promise<Ours> {
  const [provider, moments] = variant.split('/');
  const card = watchCard();
  const run = await measureCommand(
    [
      ...['run', recipe, '--project', project, '--provider', provider],
      ...['--threads', String(availableParallelism()), '--json'],
    ],
    { environment: { CONSILIENCE_MOMENTS: moments } },
  );
  const cardMiB = await card.end();
  const { run: id, timings } = JSON.parse(run.stdout) as { run: string; timings: Record<string, number> };
  const { seconds, commandMiB, engineMiB } = run;
  const ran = await whatRan(project, id);
  return { seconds, hostMiB: commandMiB + engineMiB, cardMiB, timings, ran, difference: null };
}

async function whatRan(project: string, run: string): Promise<string> {
  const database = createDatabaseMethods();
  await database.open(project, 'open');
  const { providers, linearAlgebra } = await database.capture(await database.captureOfRun(run));
  await database.close();
  const used = [...new Set(providers.map(({ used, fallbackReason }) => fallbackReason ?? used))];
  return `${used.join(', ')}; ${linearAlgebra}`;
}

function report({ name, networks, images, rows, peer, difference }: Measured): void {
  const least = (values: number[]) => Math.min(...values);
  const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(2);
  const lines = rows.map(({ variant, runs, problem }) => {
    if (runs.length === 0) return [variant, problem ?? 'not run', ...new Array<string>(7).fill('')];
    const of = (part: string) => seconds(least(runs.map(({ timings }) => timings[part])));
    const [first] = runs;
    return [
      variant,
      least(runs.map((run) => run.seconds)).toFixed(2),
      ...['sessionMs', 'decodeWaitMs', 'inferenceMs', 'accumulateMs'].map(of),
      ...[first.hostMiB.toFixed(0), first.cardMiB?.toFixed(0) ?? ''],
      first.difference?.toExponential(1) ?? '',
    ];
  });
  const pass = least(peer.map((run) => run.passSeconds));
  lines.push([
    `PyTorch ${peer[0].torch}, float32`,
    least(peer.map((run) => run.processSeconds)).toFixed(2),
    ...['', '', least(peer.map((run) => run.inferenceSeconds)).toFixed(2), `${pass.toFixed(2)} (whole pass)`],
    ...[peer[0].peakMiB.toFixed(0), peer[0].cardMiB?.toFixed(0) ?? '', difference.toExponential(1)],
  ]);
  const head = [
    `${name}, ${networks} networks, ${images} images`,
    ...['whole, s', 'sessions, s', 'decoder waited, s', 'inference, s', 'accumulation, s'],
    ...['host MiB', 'card MiB', 'largest difference from float64'],
  ];
  console.log(`\n${machineClass()}, least of the runs\n\n${markdownTable(head, lines)}`);
  for (const { variant, runs } of rows) if (runs.length > 0) console.log(`${variant}: ${runs[0].ran}`);
}

/** Between the correlations of two runs of the peer. */
function largestBetween(one: string, other: string): number {
  let largest = 0;
  for (const file of readdirSync(one)) {
    const [a, b] = [one, other].map((folder) => {
      const bytes = readFileSync(join(folder, file));
      return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
    });
    a.forEach((value, at) => (largest = Math.max(largest, Math.abs(value - b[at]))));
  }
  return largest;
}
