import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { RunEstimate } from '#core/domain/estimate.ts';
import { referenceGflops } from '#core/estimate/analysis-costs.ts';
import { makespanOnCores } from '#core/estimate/makespan.ts';
import type { TaskCost } from '#core/estimate/row-cost.ts';
import { taskCost } from '#core/estimate/task-cost.ts';
import { fileOf } from '#core/domain/recipe.ts';
import { jointNeeds } from '#core/domain/analysis-needs.ts';
import { allLayers } from '#core/domain/result.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { CapturedLayer } from '#core/ipc/engine.ts';
import type { EngineService, RunRequest } from '../app/services.ts';
import { hashInputs } from './hash-inputs.ts';
import { captureKey, type InputHashes } from './job-keys.ts';
import { extrasOf, topInputs } from './pass-request.ts';
import { planTasks, type Task } from './plan-tasks.ts';
import { layerInputBytes, storedBytes } from './estimate-bytes.ts';
import { fitsByPairs, pairRecipes } from './run-by-pairs.ts';
import { probe, type Probe } from './probe.ts';

export interface EstimateParts {
  /** An engine of the estimate's own: it runs beside a job, and ending it ends the estimate. */
  engine: EngineService;
  /** The open project, whose results are not computed again; null: everything is. */
  database: DatabaseMethods | null;
}

/** Resident memory that a thread of the pool gains with the code and heap of its first tasks. */
const threadBytes = 24 * 2 ** 20;
/**
 * What a task takes beside others, whose share of caches and memory it misses: the ladder on the samples took 91 s of two
 * threads and 72 s of one (two cores, AMD EPYC).
 */
const besideOthers = 1.25;
/** Bytes a second into the project file, beside the rest of a run. */
const storingRate = 90e6;
/** A result's rows, its pages and its provenance. */
const resultOverheadBytes = 20_000;

/**
 * Time, memory and disk of a run before it is started: the passes from a short run over a few batches of the real data,
 * the analyses from the measured cost table scaled by the speed of this machine's products.
 */
export async function estimateRun(request: RunRequest, parts: EstimateParts): Promise<RunEstimate> {
  try {
    return await estimateOne(request, parts);
  } catch (error) {
    const [first] = pairRecipes(request.recipe);
    if (!fitsByPairs(error, request.recipe) || first.analyses.length === 0) throw error;
    const pairs = request.recipe.pairs.length;
    const estimate = await estimateOne({ ...request, recipe: first }, parts);
    // The engine is started once.
    const stages = estimate.stages.map(({ stage, seconds }) => ({
      stage,
      seconds: stage === 'starting' ? seconds : seconds * pairs,
    }));
    return {
      ...estimate,
      seconds: stages.reduce((sum, { seconds }) => sum + seconds, 0),
      stages,
      diskBytes: estimate.diskBytes * pairs,
      results: estimate.results * pairs,
      reused: estimate.reused * pairs,
      notes: [
        ...estimate.notes,
        `The moments of all networks together do not fit in memory: one run for each of ${pairs} pairs, all as long as ` +
          `that of ${first.pairs[0].join(' and ')}.`,
      ],
    };
  }
}

async function estimateOne(request: RunRequest, parts: EstimateParts): Promise<RunEstimate> {
  const started = performance.now();
  const { recipe } = request;
  const { engine } = parts;
  const folder = await mkdtemp(join(tmpdir(), 'consilience-estimate-'));
  try {
    await engine.start();
    const startSeconds = (performance.now() - started) / 1000;
    const images = await imagesOf(request, engine);
    const known = await knownOf(request, parts.database);
    const missing = known.tasks.filter((task) => !known.stored.has(task.id));
    const threads = recipe.threads ?? availableParallelism();
    const probed = await probe(request, missing, {
      engine,
      jobId: randomUUID(),
      folder,
      images,
      needsCapture: !known.hasCapture,
    });
    const machine = await engine.methods.machine();
    const costs = missing.map((task) => costOf(task, probed.layers, request));
    const scale = referenceGflops / machine.gflops;
    const cores = availableParallelism();
    const slowdown = cores > 1 ? besideOthers : 1;
    const analysing = scale * makespanOnCores(costs, Math.min(threads, cores), cores, slowdown);
    const newBytes =
      (known.hasCapture ? 0 : storedBytes(probed.arrays, probed.layers, images, recipe)) +
      costs.reduce((sum, cost) => sum + cost.bytes + resultOverheadBytes, 0);
    const stages: RunEstimate['stages'] = [
      { stage: 'starting', seconds: startSeconds },
      {
        stage: 'capturing',
        seconds: known.hasCapture ? 0 : probed.capture.base + probed.capture.slope * images,
      },
      { stage: 'counting', seconds: probed.second.base + probed.second.slope * images },
      { stage: 'analysing', seconds: analysing },
      { stage: 'storing', seconds: newBytes / storingRate },
    ];
    return {
      seconds: stages.reduce((sum, stage) => sum + stage.seconds, 0),
      stages: stages.filter(({ seconds }) => seconds > 0),
      memoryBytes: memoryOf(probed, missing, costs, threads),
      diskBytes: newBytes,
      images,
      results: known.tasks.length,
      reused: known.tasks.length - missing.length,
      threads,
      measuredSeconds: (performance.now() - started) / 1000,
      notes: probed.notes,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Images that the recipe uses. @throws AppError where the data cannot be read as the recipe says */
async function imagesOf({ recipe, baseFolder }: RunRequest, engine: EngineService): Promise<number> {
  const { data, networks, layers } = recipe;
  const [first] = networks;
  // Without data every network is saved activations, of as many samples.
  const file = data?.images ?? fileOf(first).path;
  const key = data ? data.key : layers[0].tensors[first.name];
  const { arrays, images } = await engine.methods.inspectData(resolve(baseFolder, file));
  const array =
    arrays.find((entry) => entry.key === key) ?? arrays.find((entry) => entry.images) ?? arrays[0];
  const all = images?.count ?? array?.shape[0] ?? 0;
  if (all < 1) throw new AppError('bad-data', `${file} holds no samples; choose another array.`);
  return Math.min(all, data?.limit ?? all);
}

/** What the project holds already. Without a project, hashes do not matter: every task is new. */
async function knownOf(
  { recipe, baseFolder }: RunRequest,
  database: DatabaseMethods | null,
): Promise<{ tasks: Task[]; stored: Set<string>; hasCapture: boolean }> {
  const none: InputHashes = {
    data: '',
    models: Object.fromEntries(recipe.networks.map(({ name }) => [name, name])),
  };
  if (!database) return { tasks: planTasks(recipe, none), stored: new Set(), hasCapture: false };
  const hashes = await hashInputs(recipe, baseFolder, database);
  const tasks = planTasks(recipe, hashes);
  const stored = new Set(await database.storedResults(tasks.map((task) => task.id)));
  const what = { topInputs, extras: extrasOf(recipe), layerMap: jointNeeds(recipe.analyses).layerMap };
  return { tasks, stored, hasCapture: await database.hasCapture(captureKey(recipe, hashes, what)) };
}

function costOf(task: Task, layers: readonly CapturedLayer[], { recipe }: RunRequest): TaskCost {
  const layer = layerOf(task, layers);
  const names = recipe.networks.map((network) => network.name);
  const units = (task.group ?? task.pair).map((name) => layer.units[names.indexOf(name)]);
  return taskCost(task.analysis, {
    units,
    joint: layer.units.reduce((sum, count) => sum + count, 0),
    layers: recipe.layers.length,
    groups: layer.blocks.length,
  });
}

function layerOf(task: Task, layers: readonly CapturedLayer[]): CapturedLayer {
  return task.layerName === allLayers
    ? layers[layers.length - 1]
    : (layers.find((layer) => layer.name === task.layerName) ?? layers[0]);
}

/** The passes' own peak, or that of the analyses: the widest layer's inputs, and as many tasks as threads. */
function memoryOf(
  probed: Probe,
  tasks: readonly Task[],
  costs: readonly TaskCost[],
  threads: number,
): number {
  const inputs = probed.layers.map((layer) => {
    const ofLayer = tasks.filter((task) => layerOf(task, probed.layers) === layer);
    const work = costs.filter((_, index) => ofLayer.includes(tasks[index])).map((cost) => cost.workBytes);
    const largest = work.sort((one, other) => other - one).slice(0, threads);
    return (
      layerInputBytes(
        layer,
        ofLayer.map((task) => task.analysis),
        threads,
      ) + largest.reduce((sum, bytes) => sum + bytes, 0)
    );
  });
  const analysing = tasks.length > 0 ? probed.residentBytes + Math.max(...inputs) + threads * threadBytes : 0;
  return Math.max(probed.peakBytes, analysing);
}
