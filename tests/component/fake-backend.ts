import type { ValidationCheck, ValidationReport } from '#core/domain/validation.ts';
import type { AreaName, Bridge, Client, EventName, Events } from '#core/ipc/contract.ts';
import type { Tile } from '#core/ipc/areas/result.ts';
import type { SavedFigure } from '#core/ipc/areas/figure.ts';
import type { DroppedFiles } from '#core/ipc/areas/window.ts';
import { defaultSettings, type EngineStatus, type Settings } from '#core/ipc/areas/settings.ts';
import type { ModelInspection } from '#core/domain/network.ts';
import type { JobInfo, JobRecord } from '#core/domain/job.ts';
import type { ProjectSummary, RecentProject } from '#core/domain/project.ts';
import type { Provenance } from '#core/domain/result.ts';
import type { PlainError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { fakeFigures } from './fake-figures.ts';
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
      recipeText: () => ({ yaml: '' }),
    },
    job: {
      list: () => ({ jobs: options.jobs ?? [] }),
      cancel: () => ({ accepted: true }),
      pause: () => ({ accepted: true }),
      resume: () => ({ accepted: true }),
      move: () => ({ accepted: true }),
      history: () => ({ jobs: options.history ?? [] }),
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

const provenance: Provenance = {
  software: { consilience: '0.1.0', node: '24.21.0', onnxruntime: '1.30.0' },
  models: { a: '', b: '' },
  data: '',
  order: '',
  tensors: { a: '', b: '' },
  provider: { a: { asked: 'auto', used: 'cpu' }, b: { asked: 'auto', used: 'cpu' } },
  linearAlgebra: 'OpenBLAS 0.3.21',
  seed: 0,
};

const validationReport: ValidationReport = {
  version: '0.1.0',
  backEnds: ['OpenBLAS 0.3.21', 'plain TypeScript'],
  passed: 1,
  failed: 1,
  notOffered: 1,
  elapsedMs: 120,
  checks: [
    checkOf('Linear CKA', 'linearCka', 0.5576132566, 'pass'),
    checkOf('Match, pairs', 'match', [2, 0, 1], 'fail'),
    {
      ...checkOf('Greedy matching', 'other', 0.4, 'not offered'),
      value: null,
      difference: null,
      tolerance: null,
      reason: 'The match here is always the optimal one.',
      answers: [],
    },
  ],
};

function checkOf(
  quantity: string,
  method: ValidationCheck['method'],
  value: number | number[],
  verdict: ValidationCheck['verdict'],
): ValidationCheck {
  const difference = verdict === 'fail' ? 1 : 2.2e-16;
  return {
    ...{ id: `oracle.json/${quantity}`, oracle: 'oracle.json', quantity, method, value, expected: value },
    ...{ difference, tolerance: verdict === 'fail' ? 0 : 1e-11, verdict },
    reason: 'Only rounding may differ.',
    source: 'numpy',
    answers: ['OpenBLAS 0.3.21', 'plain TypeScript'].map((backEnd) => ({
      ...{ backEnd, value, difference },
      verdict: verdict === 'fail' ? 'fail' : 'pass',
    })),
  };
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

function pictures(count: number) {
  return { width: 28, height: 28, count, pictures: Array.from({ length: count }, (_, at) => ring(at % 12)) };
}

/** A ring of changing size, as an RGBA picture of 28 x 28. */
function ring(size: number): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(28 * 28 * 4);
  for (let at = 0; at < 28 * 28; at++) {
    const distance = Math.hypot((at % 28) - 13.5, (Math.floor(at / 28) - 13.5) * (1 - size / 30));
    const grey = 255 * Math.exp(-((distance - 4 - size / 2) ** 2) / 3);
    pixels.set([grey, grey, grey, 255], 4 * at);
  }
  return pixels;
}

const relu = (name: string, shape: (number | string)[]) => ({
  name,
  op: 'Relu',
  node: name.replace('_output_0', ''),
  shape,
  units: Number(shape[1]),
  type: 'float32',
});
const conv = (name: string, shape: (number | string)[], op = 'Conv') => ({ ...relu(name, shape), op });

export const modelInspection: ModelInspection = {
  file: 'net1.onnx',
  bytes: 457_481,
  sha256: '9373e1cbcc50a674697aa0621b5a0204bd7690f1dc508a1bc06c696b4e1ca3ab',
  producer: 'pytorch 1.13.0',
  opset: 17,
  inputs: [{ name: 'images', type: 'float32', shape: ['batch', 1, 28, 28] }],
  tensors: [
    conv('/conv1/Conv_output_0', ['batch', 24, 28, 28]),
    relu('/Relu_output_0', ['batch', 24, 28, 28]),
    conv('/pool/MaxPool_output_0', ['batch', 24, 14, 14], 'MaxPool'),
    conv('/conv2/Conv_output_0', ['batch', 48, 14, 14]),
    relu('/Relu_1_output_0', ['batch', 48, 14, 14]),
    conv('/pool_1/MaxPool_output_0', ['batch', 48, 7, 7], 'MaxPool'),
    conv('/conv3/Conv_output_0', ['batch', 64, 7, 7]),
    relu('/Relu_2_output_0', ['batch', 64, 7, 7]),
    conv('/Flatten_output_0', ['batch', 3136], 'Flatten'),
    conv('/fc1/Gemm_output_0', ['batch', 128], 'Gemm'),
    relu('/Relu_3_output_0', ['batch', 128]),
    conv('logits', ['batch', 10], 'Gemm'),
  ],
  nodes: [],
};
modelInspection.nodes = [
  { op: 'Input', name: 'images', from: [], tensors: ['images'] },
  ...modelInspection.tensors.map(({ op, node, name }, at) => ({
    op,
    name: node,
    from: [at],
    tensors: [name],
  })),
];

const bars = layerPlans.map(({ name }, at) => ({
  layer: name,
  semiMean: 0.9 - 0.14 * at,
  matchMean: 0.86 - 0.16 * at,
}));
const recentProjects: RecentProject[] = [
  {
    token: 'recent-0001',
    title: 'Digits, four seeds',
    fileName: 'digits.consilience',
    folder: '~/Consilience',
    openedAt: '2026-11-23T20:15:00.000Z',
    thumbnail: bars,
    missing: false,
  },
  {
    token: 'recent-0002',
    title: 'Width: 64 against 96 units',
    fileName: 'width.consilience',
    folder: '~/experiments/2026',
    openedAt: '2026-11-20T09:02:00.000Z',
    thumbnail: bars.slice(0, 3).map((bar) => ({ ...bar, matchMean: bar.matchMean - 0.2 })),
    missing: false,
  },
  {
    token: 'recent-0003',
    title: 'CaffeNet, ten seeds',
    fileName: 'caffenet.consilience',
    folder: '/media/disk/caffenet',
    openedAt: '2026-11-02T16:44:00.000Z',
    thumbnail: [],
    missing: true,
  },
];

export function makeJob(part: Partial<JobInfo> = {}): JobInfo {
  return {
    id: 'job-1',
    title: 'Digits, four seeds',
    state: 'running',
    progress: { stage: 'capturing', done: 1200, total: 2000, unit: 'images', rate: 856, secondsLeft: 3 },
    notes: [],
    log: [],
    pausedMs: 0,
    createdAt: '2026-11-23T20:15:00.000Z',
    canRetry: true,
    ...part,
  };
}
