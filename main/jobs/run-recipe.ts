import { mkdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { JobProgress, RunTimings } from '#core/domain/job.ts';
import { jointNeeds } from '#core/domain/analysis-needs.ts';
import type { Recipe } from '#core/domain/recipe.ts';
import { allLayers, type Provenance } from '#core/domain/result.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type {
  AnalyseRequest,
  AnalysisOutcome,
  ArrayFile,
  CheckpointPlan,
  CaptureExtras,
  CaptureSummary,
  PassRequest,
  PassState,
  PassTimings,
  SkippedSample,
} from '#core/ipc/engine.ts';
import { version } from '#core/version.ts';
import type { EngineJobListener, EngineService, RunOutcome, RunRequest } from '../app/services.ts';
import { hashInputs } from './hash-inputs.ts';
import { captureKey, hashOf, type InputHashes } from './job-keys.ts';
import * as words from './log-words.ts';
import { coveringSums, covers, PassCheckpoints } from './pass-checkpoints.ts';
import { extrasOf, passRequestOf, secondPassOf, topInputs } from './pass-request.ts';
import { fitsByPairs, runByPairs } from './run-by-pairs.ts';
import { planTasks, type Task } from './plan-tasks.ts';
import { RunVocabulary } from './run-vocabulary.ts';
import { storeRun } from './store-run.ts';

export interface RunParts {
  jobId: string;
  engine: EngineService;
  database: DatabaseMethods;
  /** Empty folder for the engine's array files; removed at the end. */
  workFolder: string;
  progress(progress: Omit<JobProgress, 'secondsLeft'>): void;
  note(sentence: string): void;
  /** Adds a sentence to the job's log. */
  say(sentence: string, kind?: 'step' | 'problem'): void;
  /** Waits while the job is paused; throws once it was cancelled. */
  checkpoint(): Promise<void>;
}

/** What was asked of the capture, as stored, with its arrays where the engine can read them. */
interface Capture {
  id: string;
  summary: Omit<CaptureSummary, 'arrays'>;
  arrays: ArrayFile | null;
}

/**
 * Runs a recipe into the open project: what is stored already is reused, one pass over the data captures the rest,
 * every result is stored in a transaction of its own as soon as it is ready. Where the moments of all networks together
 * do not fit in memory it is a run for each pair.
 */
export async function runRecipe(request: RunRequest, parts: RunParts): Promise<RunOutcome> {
  try {
    return await runOne(request, parts);
  } catch (error) {
    if (!fitsByPairs(error, request.recipe)) throw error;
    const note = (sentence: string) => {
      parts.say(sentence);
      parts.note(sentence);
    };
    return runByPairs(request, (part) => runOne(part, parts), note);
  }
}

async function runOne(request: RunRequest, parts: RunParts): Promise<RunOutcome> {
  const run = new RecipeRun(request, parts);
  await rm(parts.workFolder, { recursive: true, force: true });
  await mkdir(parts.workFolder, { recursive: true });
  try {
    return await run.execute();
  } finally {
    await rm(parts.workFolder, { recursive: true, force: true });
    // Another job's folder may still lie beside it.
    await rmdir(dirname(parts.workFolder)).catch(() => undefined);
  }
}

class RecipeRun {
  readonly #recipe: Recipe;
  readonly #request: RunRequest;
  readonly #parts: RunParts;
  readonly #notes: string[] = [];
  readonly #started = performance.now();
  #storingCapture: Promise<void> = Promise.resolve();
  readonly #extras: CaptureExtras | null;
  #vocabulary: RunVocabulary | null = null;
  readonly #checkpoints: PassCheckpoints;
  readonly #timings: RunTimings = {
    checkMs: 0,
    engineStartMs: 0,
    sessionMs: 0,
    decodeWaitMs: 0,
    inferenceMs: 0,
    accumulateMs: 0,
    analyseMs: 0,
    storeMs: 0,
    totalMs: 0,
  };

  constructor(request: RunRequest, parts: RunParts) {
    this.#request = request;
    this.#recipe = request.recipe;
    this.#extras = extrasOf(request.recipe);
    this.#parts = parts;
    this.#checkpoints = new PassCheckpoints(parts);
  }

  async execute(): Promise<RunOutcome> {
    this.#parts.progress({ stage: 'checking', done: 0, total: 0, unit: '', rate: 0 });
    const { database, say } = this.#parts;
    say(words.asked(this.#recipe));
    const hashes = await this.#timed('checkMs', () =>
      hashInputs(this.#recipe, this.#request.baseFolder, database),
    );
    this.#vocabulary = await RunVocabulary.keep(this.#request, database);
    this.#noteIfAny(this.#vocabulary?.note);
    const tasks = planTasks(this.#recipe, hashes);
    say(words.checked(this.#recipe, this.#timings.checkMs));
    const stored = new Set(await database.storedResults(tasks.map((task) => task.id)));
    const missing = tasks.filter((task) => !stored.has(task.id));
    say(words.planned(tasks.length, missing.length));
    await this.#parts.checkpoint();
    const what = { topInputs, extras: this.#extras, layerMap: jointNeeds(this.#recipe.analyses).layerMap };
    const capture = await this.#capture(captureKey(this.#recipe, hashes, what), missing.length > 0);
    if (missing.length > 0) await this.#analyse(missing, capture, hashes);
    const resultIds = tasks.map((task) => task.id);
    const runId = hashOf({ capture: capture.id, resultIds, title: this.#recipe.title });
    await this.#timed('storeMs', async () => {
      await this.#storingCapture;
      this.#noteIfAny(await this.#vocabulary?.unknownIds(capture.id, capture.summary));
      const vocabulary = this.#vocabulary?.facts;
      const made = { id: runId, resultIds, hashes, capture, request: this.#request, vocabulary };
      await storeRun(this.#parts.database, made);
      await this.#checkpoints.forget(secondPassKey(capture.id));
    });
    this.#timings.totalMs = performance.now() - this.#started;
    say(words.stored(missing.length, this.#timings.storeMs));
    if (missing.length < tasks.length) {
      this.#tell(
        `${tasks.length - missing.length} of ${tasks.length} results were in the project already and were reused.`,
      );
    }
    return {
      runId,
      resultIds,
      reused: tasks.length - missing.length,
      computed: missing.length,
      timings: this.#timings,
      notes: this.#notes,
    };
  }

  /** @param skipped samples that the first pass found unreadable */
  #passRequest(outFile: string, skipped?: SkippedSample[]): PassRequest {
    const { jobId, workFolder } = this.#parts;
    const request = passRequestOf(this.#request, { jobId, outFile: join(workFolder, outFile) });
    return skipped && request.data
      ? { ...request, data: { ...request.data, skipped: skipped.map(({ name }) => name) } }
      : request;
  }

  /** The stored capture where there is one, else a pass over the data. */
  async #capture(id: string, needsArrays: boolean): Promise<Capture> {
    const { database, engine, workFolder } = this.#parts;
    const outFile = join(workFolder, 'capture.arrays');
    if (await database.hasCapture(id)) {
      const arrays = needsArrays ? await database.exportCapture(id, outFile) : null;
      this.#parts.say(words.captureReused(arrays !== null));
      return { id, summary: await database.capture(id), arrays };
    }
    const from = await this.#checkpoints.stored(id);
    // A pass has one layer at least; the layer map is one more.
    const later = await this.#checkpoints.storedLater(id, this.#recipe.layers.length + 1);
    const { arrays, ...summary } = await this.#keeping(id, from, async (plan) => {
      await this.#vocabulary?.requireTokens(engine.methods);
      return engine.methods.capture({
        ...this.#passRequest('capture.arrays'),
        topK: topInputs,
        extras: this.#extras,
        checkpoints: { ...plan, later },
      });
    });
    Object.assign(this.#timings, summary.timings);
    const names = this.#recipe.networks.map((network) => network.name);
    for (const sentence of words.providers(names, summary.providers))
      this.#parts.say(sentence.text, sentence.kind);
    this.#parts.say(words.passed('First', summary.images, summary.timings));
    // Alignment needs the files, not the stored copy: it goes on while the database reads them.
    this.#storingCapture = database.putCapture({ id, summary, arrays });
    this.#storingCapture.catch(() => undefined);
    return { id, summary, arrays };
  }

  /** Histograms and norms, where the missing results need them; its time is added to the first pass's. */
  async #secondPass(tasks: Task[], capture: Capture, arrays: ArrayFile): Promise<AnalyseRequest['second']> {
    const wanted = secondPassOf(tasks, this.#recipe);
    if (!wanted) return null;
    const { second } = this.#request;
    if (second && covers(second, wanted)) return { bins: second.bins, arrays: second.arrays };
    const key = secondPassKey(capture.id);
    const stored = await this.#checkpoints.stored(key);
    const covering = stored && coveringSums(stored, wanted);
    const sums = covering ?? wanted;
    const answer = await this.#keeping(key, covering && stored, (checkpoints) =>
      this.#parts.engine.methods.secondPass({
        ...this.#passRequest('second.arrays', capture.summary.skipped ?? []),
        capture: { layers: capture.summary.layers, arrays },
        ...sums,
        checkpoints,
      }),
    );
    this.#parts.say(words.passed('Second', capture.summary.images, answer.timings));
    for (const [key, ms] of Object.entries(answer.timings)) this.#timings[key as keyof PassTimings] += ms;
    return { bins: sums.bins, arrays: answer.arrays };
  }

  #indexOf(name: string): number {
    return this.#recipe.networks.findIndex((network) => network.name === name);
  }

  async #analyse(tasks: Task[], capture: Capture, hashes: InputHashes): Promise<void> {
    const { engine, jobId, workFolder } = this.#parts;
    const { arrays } = capture;
    if (!arrays) throw new AppError('internal', 'The capture has no arrays to analyse.');
    const { layers, networks, threads } = this.#recipe;
    const second = await this.#secondPass(tasks, capture, arrays);
    const storing: Promise<void>[] = [];
    const spent: { name: string; ms: number }[] = [];
    const byId = new Map(tasks.map((task) => [task.id, task]));
    const onOutcome = (outcome: AnalysisOutcome) => {
      const task = byId.get(outcome.id);
      if (!task) return;
      spent.push({ name: task.analysis.name, ms: outcome.elapsedMs });
      storing.push(this.#store(task, outcome, capture, hashes));
    };
    const { analyseMs } = await this.#following(
      () =>
        engine.methods.analyse({
          jobId,
          networks: networks.map((network) => network.name),
          layerNames: layers.map((layer) => layer.name),
          capture: { layers: capture.summary.layers, arrays },
          second,
          tasks: tasks.map((task) => ({
            id: task.id,
            analysis: task.analysis,
            // The layer map's own layer comes after the recipe's.
            layer: task.layerName === allLayers ? layers.length : layers.indexOf(task.layers[0]),
            a: this.#indexOf(task.pair[0]),
            b: this.#indexOf(task.pair[1]),
          })),
          threads,
          outFolder: workFolder,
        }),
      { outcome: onOutcome },
    ).catch(async (error: unknown) => {
      await Promise.allSettled([this.#storingCapture, ...storing]);
      throw error;
    });
    this.#timings.analyseMs = analyseMs;
    this.#parts.say(words.analysed(spent, analyseMs));
    await this.#timed('storeMs', () => Promise.all(storing));
  }

  async #store(task: Task, outcome: AnalysisOutcome, capture: Capture, hashes: InputHashes): Promise<void> {
    const [a, b] = task.pair;
    const { name: analysis, ...params } = task.analysis;
    await this.#parts.database.putResult({
      id: task.id,
      analysis,
      a: { network: a, layer: task.layerName },
      b: { network: b, layer: task.layerName },
      params: {
        ...params,
        ...(task.group && { networks: task.group }),
        ...(task.layerName === allLayers
          ? { layers: task.layers.map((layer) => layer.name) }
          : { sample: task.layers[0].sample }),
        folds: this.#recipe.folds ?? 'none',
      },
      headline: outcome.headline,
      elapsedMs: outcome.elapsedMs,
      provenance: this.#provenance(task, capture, hashes),
      arrays: outcome.arrays,
    });
    await rm(outcome.arrays.path, { force: true });
  }

  #provenance({ layers, pair: [a, b], group }: Task, capture: Capture, hashes: InputHashes): Provenance {
    const provider = (name: string) => capture.summary.providers[this.#indexOf(name)];
    const tensors = (name: string) => layers.map((layer) => layer.tensors[name]).join(' ');
    const groupModels = group && Object.fromEntries(group.map((name) => [name, hashes.models[name]]));
    return {
      software: { consilience: version, ...this.#parts.engine.status().versions },
      models: { a: hashes.models[a], b: hashes.models[b], ...(groupModels && { group: groupModels }) },
      data: hashes.data,
      order: capture.summary.orderHash,
      tensors: { a: tensors(a), b: tensors(b) },
      provider: { a: provider(a), b: provider(b) },
      linearAlgebra: capture.summary.linearAlgebra,
      seed: this.#recipe.folds?.seed ?? null,
      ...(capture.summary.shards !== undefined && { shards: capture.summary.shards }),
    };
  }

  /** A pass over the data that is kept in the project under its key while it goes on. */
  #keeping<T>(
    key: string,
    from: PassState | null,
    pass: (checkpoints: CheckpointPlan) => Promise<T>,
  ): Promise<T> {
    const checkpoint = (state: PassState | null) => this.#checkpoints.keep(key, state);
    return this.#following(() => pass(this.#checkpoints.plan(from)), { checkpoint });
  }

  /** Passes the engine's word on this job along while it works, from its start on where it is not there yet. */
  async #following<T>(
    work: () => Promise<T>,
    hears: Pick<EngineJobListener, 'outcome' | 'checkpoint'>,
  ): Promise<T> {
    await this.#startEngine();
    // The last word before the call: what is asked later reaches the engine after it.
    await this.#parts.checkpoint();
    const stop = this.#parts.engine.follow(this.#parts.jobId, {
      progress: this.#parts.progress,
      note: (sentence) => this.#note(sentence),
      ...hears,
    });
    try {
      return await work();
    } finally {
      stop();
    }
  }

  async #startEngine(): Promise<void> {
    const { engine, progress, say } = this.#parts;
    if (this.#timings.engineStartMs > 0) return;
    progress({ stage: 'starting', done: 0, total: 0, unit: '', rate: 0 });
    const status = await this.#timed('engineStartMs', () => engine.start());
    say(words.engineReady(status, this.#recipe.threads));
  }

  /** A note that the log has in other words. */
  #tell(sentence: string): void {
    this.#notes.push(sentence);
    this.#parts.note(sentence);
  }

  #noteIfAny(sentence: string | null | undefined): void {
    if (sentence) this.#note(sentence);
  }

  #note(sentence: string): void {
    this.#parts.say(sentence);
    this.#tell(sentence);
  }

  async #timed<T>(what: 'checkMs' | 'engineStartMs' | 'storeMs', work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#timings[what] += performance.now() - started;
    }
  }
}

/** A run has at most one second pass over a capture's data at a time. */
function secondPassKey(captureId: string): string {
  return `${captureId}-second`;
}
