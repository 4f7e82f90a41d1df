import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openDatabase } from '#main/database/client.ts';
import { createFigureService } from '#main/export/figure-service.ts';
import { createFigureThread } from '#main/export/figure-thread.ts';
import { sourceFontFolder } from '#main/export/fonts.ts';
import { runGallery } from '#main/export/run-gallery.ts';
import { pageSpecSchema, type PageInput } from '#core/figure/spec.ts';
import { createRandom } from '#core/random.ts';
import type { NewResult } from '#core/ipc/database.ts';
import type { Dtype, NamedArray } from '#core/domain/result.ts';
import { writeArrayFile } from '#workers/files/array-file.ts';

const script = join(import.meta.dirname, 'bench.ts');

/**
 * `npm run bench -- figures [--project FILE]`: figures from a project file to files, each step in a process of its own.
 * The gallery is that of FILE, a project with every analysis (`npm run demo` makes one).
 */
export async function bench(args: string[]): Promise<void> {
  if (args[0] === '--step') return step(args[1], args[2], args[3]);
  const folder = mkdtempSync(join(tmpdir(), 'figures-bench-'));
  try {
    for (const [name, side] of [
      ['four panels 512 x 512', 512],
      ['heat map 8,192 x 8,192', 8192],
    ] as const) {
      const project = join(folder, `${side}.consilience`);
      run('make', project, String(side));
      console.log(`${name} to PDF:  ${run(side === 512 ? 'quad' : 'heatmap', project, 'pdf')}`);
      console.log(`${name} to SVG:  ${run(side === 512 ? 'quad' : 'heatmap', project, 'svg')}`);
      if (side === 8192) console.log(`the same in the window:  ${run('window', project, folder)}`);
      rmSync(project, { force: true });
    }
    const at = args.indexOf('--project');
    if (at < 0) console.log('full gallery: skipped, no --project was given');
    else
      console.log(
        `full gallery, SVG, PDF and PNG at 300 dpi with data:  ${run('gallery', resolve(args[at + 1]), folder)}`,
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(...step: [string, string, string]): string {
  return execFileSync(process.execPath, [script, 'figures', '--step', ...step], { encoding: 'utf8' }).trim();
}

async function step(name: string, project: string, what: string): Promise<void> {
  if (name === 'make') return makeProject(project, Number(what));
  if (name === 'window') return windowStep(project, what);
  const started = performance.now();
  const database = await openDatabase(project, 'open');
  const figures = createFigureService();
  let bytes = 0;
  try {
    if (name === 'gallery') {
      const [newest] = (await database.methods.summary()).runs;
      for (const figure of runGallery(newest, {})) {
        const page = pageSpecSchema.parse(figure.page);
        const target = { folder: what, stem: figure.name, formats: ['svg', 'pdf', 'png'] as const, dpi: 300 };
        const written = await figures.write(database.methods, page, target).catch(() => null);
        for (const file of written?.files ?? []) {
          if (/\.(svg|pdf|png)$/.test(file)) bytes += statSync(join(what, file)).size;
        }
      }
    } else {
      const panel: PageInput['panels'][number] =
        name === 'quad' ? { kind: 'correlation-quad' } : { kind: 'mapping-weights' };
      const page = pageSpecSchema.parse({
        version: 1,
        kind: 'page',
        preset: 'nature-double',
        panels: [panel],
      });
      const file = `${project}.${what}`;
      await writeFile(file, await figures.picture(database.methods, page, what as 'pdf' | 'svg', 300));
      bytes = statSync(file).size;
    }
  } finally {
    await database.close();
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage();
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${seconds.toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of processor), peak ${peak.toFixed(0)} MiB, ${(bytes / 2 ** 20).toFixed(1)} MiB written`,
  );
}

/** How long main answers nothing while its thread of figures shows, writes and copies a large one. */
async function windowStep(project: string, folder: string): Promise<void> {
  const database = await openDatabase(project, 'open');
  const figures = createFigureThread(sourceFontFolder);
  const page = pageSpecSchema.parse({
    version: 1,
    kind: 'page',
    preset: 'nature-double',
    panels: [{ kind: 'mapping-weights' }],
  });
  const formats = ['svg', 'pdf', 'png'] as const;
  const steps: [string, () => Promise<unknown>][] = [
    ['shown', () => figures.show(database.methods, page, 'dark')],
    ['written', () => figures.write(database.methods, page, { folder, stem: 'window', formats, dpi: 600 })],
    ['copied', () => figures.picture(database.methods, page, 'png', 600)],
  ];
  const told: string[] = [];
  for (const [what, work] of steps) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const stretch = longestStretch();
    const started = performance.now();
    delay.enable();
    await work();
    delay.disable();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const held = (delay.max / 1e6).toFixed(0);
    told.push(
      `${what} in ${seconds} s, main held for at most ${held} ms (${stretch().toFixed(0)} ms of its own work at a stretch)`,
    );
  }
  await figures.stop();
  await database.close();
  console.log(told.join('; '));
}

/**
 * Milliseconds of processor that this thread took at most between two turns of its loop: what it holds the window for
 * where no other program waits for the processor.
 */
function longestStretch(): () => number {
  let longest = 0;
  let last = process.threadCpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(last);
    longest = Math.max(longest, (user + system) / 1000);
    last = process.threadCpuUsage();
  }, 5);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

/** A project with one pair of layers of `units` units: noise with a band of matched pairs. */
async function makeProject(path: string, units: number): Promise<void> {
  const database = await openDatabase(path, 'create', 'Benchmark');
  const raw = `${path}.raw`;
  const results: NewResult[] = [];
  const put = async (
    analysis: NewResult['analysis'],
    arrays: NamedArray[],
    headline: NewResult['headline'],
  ) => {
    const result = resultOf(analysis, headline, writeArrayFile(raw, arrays));
    await database.methods.putResult(result);
    results.push(result);
  };
  const indices = Int32Array.from({ length: units }, (_, unit) => unit);
  const order: NamedArray = { name: 'order-b', dtype: 'int32', rows: 1, cols: units, data: indices };
  if (units <= 1024) {
    const names = ['between', 'within-a', 'within-b'];
    await put(
      'correlation',
      names.map((name, at) => noise(name, units, at, 'float64')),
      { samples: 1000 },
    );
    await put('matching', [order], { matchMean: 0.5 });
  } else {
    const points = [{ alpha: 0.1, sourcesMedian: 3, sourcesMean: 3, loss: 0.2 }];
    await put('sparse-mapping', [noise('weights-0.1', units, 1, 'float32')], { points });
  }
  const summary = {
    images: 1000,
    testImages: 0,
    orderHash: 'e'.repeat(64),
    layers: [],
  };
  await database.methods.putCapture({
    id: 'capture',
    summary: summary as never,
    arrays: writeArrayFile(raw, [order]),
  });
  const count = { Net1: units, Net2: units };
  await database.methods.putRun({
    id: 'r'.repeat(64),
    title: 'Benchmark',
    recipe: '',
    data: { file: 'noise', sha256: 'd'.repeat(64), images: 1000 },
    networks: ['Net1', 'Net2'].map((name) => ({
      name,
      file: `${name}.onnx`,
      sha256: 'a'.repeat(64),
      provider: { asked: 'cpu', used: 'cpu' },
    })),
    layers: [
      {
        name: 'layer',
        tensors: { Net1: 't', Net2: 't' },
        sample: 'image',
        units: count,
        deadUnits: { Net1: 0, Net2: 0 },
        samples: 1000,
        testSamples: 0,
      },
    ],
    captureId: 'capture',
    resultIds: results.map(({ id }) => id),
  });
  await database.close();
  rmSync(raw, { force: true });
}

function resultOf(
  analysis: NewResult['analysis'],
  headline: NewResult['headline'],
  arrays: NewResult['arrays'],
): NewResult {
  const provider = { asked: 'cpu', used: 'cpu' } as const;
  return {
    id: analysis.padEnd(64, '0'),
    analysis,
    a: { network: 'Net1', layer: 'layer' },
    b: { network: 'Net2', layer: 'layer' },
    params: { score: 'correlation', sample: { kind: 'image' } },
    headline,
    elapsedMs: 1,
    provenance: {
      software: {},
      models: { a: 'a'.repeat(64), b: 'b'.repeat(64) },
      data: 'd'.repeat(64),
      order: 'e'.repeat(64),
      tensors: { a: 't', b: 't' },
      provider: { a: provider, b: provider },
      linearAlgebra: '',
      seed: 0,
    },
    arrays,
  };
}

function noise(
  name: string,
  side: number,
  seed: number,
  dtype: Extract<Dtype, 'float32' | 'float64'>,
): NamedArray {
  const random = createRandom(seed);
  const data = dtype === 'float32' ? new Float32Array(side * side) : new Float64Array(side * side);
  for (let at = 0; at < data.length; at++)
    data[at] = 0.3 * (random.nextFloat() + random.nextFloat() + random.nextFloat() - 1.5);
  for (let unit = 0; unit < side; unit++) data[unit * side + unit] = 0.9;
  return { name, dtype, rows: side, cols: side, data };
}
