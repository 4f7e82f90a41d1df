import type { AreaName, Bridge, Client, EventName, Events } from '#core/ipc/contract.ts';
import type { Tile } from '#core/ipc/areas/result.ts';
import type { SavedFigure } from '#core/ipc/areas/figure.ts';
import type { DroppedFiles } from '#core/ipc/areas/window.ts';
import { defaultSettings, type EngineStatus, type Settings } from '#core/ipc/areas/settings.ts';
import type { JobInfo, JobRecord } from '#core/domain/job.ts';
import type { ProjectSummary, RecentProject } from '#core/domain/project.ts';
import type { PlainError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { fakeFigures } from './fake-figures.ts';
import { modelInspection, pictures } from './fake-files.ts';
import { makeJob, provenance, recentProjects, validationReport } from './fake-records.ts';
import { laterResult } from './synthetic-analyses.ts';
import {
  distribution,
  shownInputs,
  topInputs,
  unitDetails,
  unitMaps,
  unitPartners,
} from './synthetic-units.ts';
import { layerPlans, makeProject, pairResult, unitStatistics, type Matrix } from './synthetic.ts';

export { makeJob, modelInspection };

type Answers = {
  [A in AreaName]?: {
    [M in keyof Client[A]]?: (input: never) => unknown;
  };
};

export interface FakeOptions {
  project?: ProjectSummary | null;
  recent?: RecentProject[];
  jobs?: JobInfo[];
  history?: JobRecord[];
  engine?: Partial<EngineStatus>;
  settings?: Partial<Settings>;
  dropped?: DroppedFiles;
  figures?: SavedFigure[];
  /** Replaces answers: a value, a promise of one, or a thrown `PlainError`. */
  answers?: Answers;
}

export interface FakeBackend extends Bridge {
  emit<E extends EventName>(event: E, payload: Events[E]): void;
  /** Calls received, as `area.method`, with their input. */
  readonly calls: { method: string; input: unknown }[];
}

/** A bridge that answers from invented numbers. For tests only. */
export function createFakeBackend(options: FakeOptions = {}): FakeBackend {
  const listeners = new Set<{ event: EventName; listener: (payload: never) => void }>();
  const calls: { method: string; input: unknown }[] = [];
  const table = answersOf(options);
  return {
    calls,
    async invoke(area, method, input): Promise<Result<unknown>> {
      calls.push({ method: `${area}.${method}`, input });
      const name = area as AreaName;
      const chosen = (options.answers?.[name] as Record<string, (input: unknown) => unknown>)?.[method];
      const answer = chosen ?? (table[name] as Record<string, (input: unknown) => unknown>)?.[method];
      if (!answer) throw new Error(`The fake backend has no ${area}.${method}.`);
      try {
        return { ok: true, value: await answer(input) };
      } catch (error) {
        return { ok: false, error: error as PlainError };
      }
    },
    drop: (files) =>
      Promise.resolve({
        ok: true,
        value: options.dropped ?? {
          ...{ models: [], data: [], projects: [], recipes: [] },
          refused: (files as readonly File[]).map((file) => `${file.name} is not opened here.`),
        },
      }),
    subscribe(event, listener) {
      const entry = { event, listener: listener as (payload: never) => void };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    emit(event, payload) {
      for (const entry of listeners) if (entry.event === event) entry.listener(payload as never);
    },
  };
}

export function failure(code: PlainError['code'], message: string): PlainError {
  return { code, message, details: {} };
}

function answersOf(options: FakeOptions): Answers {
  let project = options.project ?? null;
  let settings: Settings = { ...defaultSettings, theme: 'light', ...options.settings };
  let recent = options.recent ?? recentProjects;
  const open = () => {
    project = options.project ?? makeProject();
    return { project, jobId: null };
  };
  const engine: EngineStatus = {
    state: 'ready',
    generation: 1,
    summary: 'CPU · OpenBLAS · 2 threads',
    providers: [
      { name: 'cpu', available: true, note: 'Always there.' },
      {
        name: 'cuda',
        available: false,
        note: 'No NVIDIA driver was found. Install one, and CUDA 12 with cuDNN 9.',
      },
      { name: 'webgpu', available: false, note: 'No graphics adapter was found.' },
    ],
    linearAlgebra: 'OpenBLAS 0.3.21 (libopenblas.so.0)',
    lapack: 'OpenBLAS 0.3.21',
    threads: 2,
    versions: { node: '24.21.0', onnxruntime: '1.30.0' },
    ...options.engine,
  };
  let picked = 0;
  const orders: { rows: number[]; cols: number[] }[] = [];
  const answers: Answers = {
    project: {
      recent: () => recent,
      forgetRecent: ({ token }: { token: string }) => {
        recent = recent.filter((entry) => entry.token !== token);
        return { forgotten: true };
      },
      openSample: open,
      openDialog: open,
      openRecent: open,
      openFile: open,
      createDialog: () => ({ project: { ...makeProject([]), title: 'New', fileName: 'new.consilience' } }),
      current: () => ({ project }),
      close: () => ((project = null), { closed: true }),
    },
    network: {
      pick: () => ({
        files: [1, 2].map(() => ({
          token: `network-${++picked}`,
          fileName: `net${picked}.onnx`,
          bytes: 457_481,
        })),
      }),
      inspect: () => modelInspection,
      ofRun: () => modelInspection,
    },
    dataset: {
      pick: () => ({ file: { token: 'data-0001', fileName: 'digits.npz', bytes: 330_297 } }),
      inspect: () => ({
        file: 'digits.npz',
        bytes: 330_297,
        arrays: [
          { key: 'images', dtype: 'uint8', shape: [2000, 28, 28] },
          { key: 'labels', dtype: 'uint8', shape: [2000] },
        ],
      }),
      preview: ({ count }: { count: number }) => pictures(count),
      previewOfRun: ({ count }: { count: number }) => pictures(count),
    },
    analysis: {
      inputsOfRun: () => ({
        title: 'Digits, four seeds',
        networks: ['Net1', 'Net2'].map((name, at) => ({
          name,
          file: { token: `network-of-run-${at}`, fileName: `net${at + 1}.onnx`, bytes: 457_481 },
        })),
        data: {
          file: { token: 'data-of-run', fileName: 'digits.npz', bytes: 330_297 },
          key: 'images',
          layout: 'NHW',
          scale: 1 / 255,
        },
      }),
      start: () => ({ jobId: 'job-1' }),
      add: () => ({ jobId: 'job-1' }),
      estimate: () => ({
        seconds: 12.4,
        stages: [
          { stage: 'capturing', seconds: 8.1 },
          { stage: 'analysing', seconds: 4.3 },
        ],
        memoryBytes: 340 * 2 ** 20,
        diskBytes: 12 * 2 ** 20,
        ...{ images: 2000, results: 24, reused: 0, threads: 2, measuredSeconds: 2.1, notes: [] },
      }),
      cancelEstimate: () => ({ cancelled: true }),
      recipeText: () => ({ yaml: 'title: Digits\n' }),
      saveRecipe: () => ({ fileName: 'digits.yaml' }),
    },
    job: {
      list: () => ({ jobs: options.jobs ?? [] }),
      cancel: () => ({ accepted: true }),
      pause: () => ({ accepted: true }),
      resume: () => ({ accepted: true }),
      move: () => ({ accepted: true }),
      history: () => ({ jobs: options.history ?? [] }),
      cluster: () => ({ cluster: null }),
      retry: () => ({ jobId: 'job-2' }),
    },
    result: {
      get: ({ resultId }: { resultId: string }) => ({
        id: resultId,
        provenance,
        arrays: (laterResult(resultId)?.arrays ?? []).map(({ name, dtype, rows, cols }) => ({
          name,
          dtype,
          rows,
          cols,
        })),
      }),
      array: ({ resultId, array }: { resultId: string; array: string }) =>
        laterResult(resultId)?.arrays.find(({ name }) => name === array),
      matrix: ({ resultId, array }: { resultId: string; array: string }) => {
        const { rows, cols, values } = matrixOf(resultId, array);
        return {
          name: array,
          rows,
          cols,
          tileSize: 512,
          levels: 1,
          min: Math.min(...values),
          max: Math.max(...values),
        };
      },
      order: (order: { rows: number[]; cols: number[] }) => {
        orders.push(order);
        return { order: String(orders.length - 1) };
      },
      tile: (asked: { resultId: string; array: string; order?: string }): Tile => {
        const stored = matrixOf(asked.resultId, asked.array);
        return asked.order === undefined ? stored : inOrder(stored, orders[Number(asked.order)]);
      },
      partnerValues: (asked: {
        resultId: string;
        array: string;
        partners: { resultId: string; array: string };
      }) => {
        const { rows, cols, values } = matrixOf(asked.resultId, asked.array);
        const partners = matrixOf(asked.partners.resultId, asked.partners.array).values;
        const value = (row: number) => (partners[row] < 0 ? NaN : values[row * cols + partners[row]]);
        return { values: Float64Array.from({ length: rows }, (_, row) => value(row)) };
      },
      pairs: ({ resultId }: { resultId: string }) => pairOf(resultId).table,
      units: ({ resultId }: { resultId: string }) => {
        const [, layer, a, b] = resultId.split('/');
        const plan = layerPlans.find((candidate) => candidate.name === layer) ?? layerPlans[0];
        return { a: unitStatistics(plan, a), b: unitStatistics(plan, b) };
      },
    },
    unit: {
      topInputs: (asked: { units: number[] }) => topInputs(asked),
      inputs: ({ images }: { images: number[] }) => shownInputs(images),
      maps: unitMaps,
      details: unitDetails,
      distribution,
      partners: unitPartners,
    },
    figure: {
      ...fakeFigures(() => project, options.figures),
      savePicture: ({ name }: { name: string }) => ({ file: `${name}.png`, folder: 'Pictures' }),
    },
    window: {
      open: () => ({ opened: true }),
      layout: () => ({ inspectorPercent: 24 }),
      keepLayout: (layout: unknown) => layout,
    },
    settings: {
      get: () => settings,
      set: (next: Settings) => (settings = next),
      engine: () => engine,
      validate: () => validationReport,
      restartEngine: () => engine,
    },
  };
  return answers;
}

function pairOf(resultId: string) {
  const [, layer, a, b] = resultId.split('/');
  return pairResult(layer, a, b);
}

function matrixOf(resultId: string, array: string): Matrix {
  const later = laterResult(resultId)?.arrays.find(({ name }) => name === array);
  if (later) return { rows: later.rows, cols: later.cols, values: Float32Array.from(later.data) };
  const pair = pairOf(resultId);
  const byName: Record<string, Matrix> = {
    'within-a': pair.withinA,
    'within-b': pair.withinB,
    between: pair.between,
    permuted: pair.permuted,
    match: { rows: 1, cols: pair.table.matchB.length, values: Float32Array.from(pair.table.matchB) },
  };
  return byName[array];
}

function inOrder({ cols, values }: Matrix, order: { rows: number[]; cols: number[] }): Tile {
  const cells = order.rows.flatMap((row) => order.cols.map((col) => values[row * cols + col]));
  return { rows: order.rows.length, cols: order.cols.length, values: Float32Array.from(cells) };
}
