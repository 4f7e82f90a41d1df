import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseNpyHeader } from '#workers/data/arrays/npy-header.ts';
import { runCommand, until, type Finished } from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { samplesFolder } from '../fixtures/samples.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

interface RunReport {
  project: string;
  run: string;
  reused: number;
  computed: number;
  notes: string[];
  timings: Record<string, number>;
  results: Entry[];
}
interface Entry {
  id: string;
  analysis: string;
  a: { network: string; layer: string };
  b: { network: string; layer: string };
  params: Record<string, unknown>;
  headline: Record<string, number>;
}

const shared = mkdtempSync(join(tmpdir(), 'consilience-cli-'));
const project = join(shared, 'p.consilience');
let first: Finished;

beforeAll(async () => {
  first = await runCommand(['run', writeRecipe(shared), '--project', project, '--json']);
}, 120_000);
afterAll(() => rmSync(shared, { recursive: true, force: true }));

const report = ({ stdout }: Finished) => JSON.parse(stdout) as RunReport;

describe('run', () => {
  it('prints one JSON document on standard output and plain progress lines on standard error', () => {
    expect(first.status).toBe(0);
    const { results, reused, computed, notes, timings } = report(first);
    expect({ reused, computed, notes }).toEqual({ reused: 0, computed: 4, notes: [] });
    expect(results.map(({ analysis, a }) => `${analysis} ${a.layer}`)).toEqual([
      'correlation conv3',
      'matching conv3',
      'correlation fc1',
      'matching fc1',
    ]);
    expect(timings.inferenceMs).toBeGreaterThan(0);
    expect(timings.totalMs).toBeGreaterThan(timings.inferenceMs);
    expect(first.stderr).toMatch(/^Reading activations, 0 of 100 images \(0 %\)$/m);
    for (const control of ['\r', '\u001b']) expect(first.stderr).not.toContain(control);
  });

  it('leaves the project file and nothing else', () => {
    expect(readdirSync(shared).sort()).toEqual(['p.consilience', 'recipe.yaml']);
  });

  it('answers a second time from the file, without the engine’s work', async () => {
    const again = await runCommand(['run', join(shared, 'recipe.yaml'), '--project', project, '--json']);
    expect(again.status).toBe(0);
    const { reused, computed, results, notes, timings } = report(again);
    expect({ reused, computed }).toEqual({ reused: 4, computed: 0 });
    expect(notes).toEqual(['4 of 4 results were in the project already and were reused.']);
    expect(timings.inferenceMs).toBe(0);
    expect(results).toEqual(report(first).results);
  });

  it('adds a network and reuses the pairs that are there', async () => {
    const folder = temporaryFolder();
    const copy = join(folder, 'p.consilience');
    copyFileSync(project, copy);
    const recipe = writeRecipe(folder, { networks: ['Net1', 'Net2', 'Net5'] });
    const more = report(await runCommand(['run', recipe, '--project', copy, '--json']));
    expect({ reused: more.reused, computed: more.computed }).toEqual({ reused: 4, computed: 8 });
    const old = new Map(report(first).results.map((entry) => [entry.id, entry.headline]));
    expect(more.results.filter(({ id }) => old.has(id)).map(({ id, headline }) => [id, headline])).toEqual([
      ...old,
    ]);
  });

  it('computes another analysis from the stored capture, to the same numbers', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'one.consilience');
    const one = await runCommand([
      'run',
      writeRecipe(folder, { analyses: ['correlation'] }),
      '--project',
      path,
      '--json',
    ]);
    expect(one.status).toBe(0);
    const both = report(await runCommand(['run', writeRecipe(folder), '--project', path, '--json']));
    expect({ reused: both.reused, computed: both.computed }).toEqual({ reused: 2, computed: 2 });
    expect(both.timings.inferenceMs).toBe(0);
    expect(both.results).toEqual(report(first).results);
  });

  it('runs beside another run into the same project', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'p.consilience');
    const recipes = ['one.yaml', 'two.yaml'].map((name, index) =>
      writeRecipe(folder, { limit: 300 + 100 * index, more: 'batch: 8' }, name),
    );
    const starting = runCommand(['run', recipes[0], '--project', path, '--json']);
    await until('the first has its folder', () => existsSync(`${path}-work`));
    const ended = await Promise.all([starting, runCommand(['run', recipes[1], '--project', path, '--json'])]);
    expect(ended.map(({ status, stderr }) => ({ status, stderr: status === 0 ? '' : stderr }))).toEqual([
      { status: 0, stderr: '' },
      { status: 0, stderr: '' },
    ]);
    const { stdout } = await runCommand(['results', path, '--json']);
    expect(JSON.parse(stdout)).toHaveLength(8);
    expect(readdirSync(folder).sort()).toEqual(['one.yaml', 'p.consilience', 'two.yaml']);
  });

  it('without --json prints means per layer and what took the time', async () => {
    const again = await runCommand(['run', 'recipe.yaml', '--project', project], {}, shared);
    expect(again.stdout).toMatch(/^layer +pairs +semi-match +match +agreement +held-out match$/m);
    expect(again.stdout).toMatch(/^fc1 +1 +0\.\d{3} +0\.\d{3} +0\.\d{3} +0\.\d{3}$/m);
    expect(again.stdout).toMatch(/0 results computed, 4 reused, in \d+\.\d\d s \(inputs \d/);
  });

  it('falls back from CUDA where there is none, says so, and stores asked and used', async ({ skip }) => {
    const doctor = await runCommand(['doctor', '--json']);
    const findings = JSON.parse(doctor.stdout) as { what: string; ok: boolean }[];
    if (findings.some(({ what, ok }) => what === 'Provider cuda' && ok)) skip('This machine has CUDA.');
    const folder = temporaryFolder();
    const path = join(folder, 'c.consilience');
    const recipe = writeRecipe(folder, { layers: ['fc1'] });
    const ran = await runCommand(['run', recipe, '--project', path, '--provider', 'cuda', '--json']);
    expect(ran.status).toBe(0);
    const { notes } = report(ran);
    expect(notes).toEqual([expect.stringMatching(/^CUDA was asked for\. .* CPU was used\.$/)]);
    expect(ran.stderr).toContain(`note: ${notes[0]}`);
    const out = join(folder, 'out');
    await runCommand([
      'export',
      path,
      '--out',
      out,
      '--format',
      'json',
      '--result',
      report(ran).results[0].id,
    ]);
    const { provenance } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as {
      provenance: Record<string, Record<string, unknown>>;
    };
    const use = { asked: 'cuda', used: 'cpu', fallbackReason: notes[0] };
    expect(provenance.provider).toEqual({ a: use, b: use });
    expect(provenance.models.a).toMatch(/^[0-9a-f]{64}$/);
    expect(provenance.software).toMatchObject({
      consilience: expect.any(String),
      onnxruntime: expect.any(String),
    });
  });
});

describe('inspect', () => {
  it('lists inputs and capturable tensors', async () => {
    const { status, stdout } = await runCommand(['inspect', join(samplesFolder, 'net1.onnx'), '--json']);
    expect(status).toBe(0);
    const { inputs, tensors, producer, opset } = JSON.parse(stdout) as Record<string, unknown[]>;
    expect(inputs).toEqual([
      { name: expect.any(String), type: 'float32', shape: [expect.any(String), 1, 28, 28] },
    ]);
    expect(producer).toMatch(/pytorch/i);
    expect(opset).toBeGreaterThan(8);
    expect(tensors).toContainEqual({
      name: '/Relu_output_0',
      op: 'Relu',
      node: '/Relu',
      shape: [expect.any(String), 24, 28, 28],
      units: 24,
      type: 'float32',
      axes: 'NCHW',
    });
    const text = await runCommand(['inspect', join(samplesFolder, 'net1.onnx')]);
    expect(text.stdout).toMatch(/^\/Relu_output_0 +Relu +\[.*24, 28, 28\] +NCHW +24$/m);
  });
});

it('ends without a word when its reader has seen enough', () => {
  const program = join(import.meta.dirname, '../../main/cli/consilience.ts');
  const command = `"${process.execPath}" "${program}" inspect "${join(samplesFolder, 'net1.onnx')}" --json | true`;
  const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
});

describe('results', () => {
  it('gives one entry per result with the headline keys of the interface', async () => {
    const { status, stdout } = await runCommand(['results', project, '--json']);
    expect(status).toBe(0);
    const entries = JSON.parse(stdout) as Entry[];
    expect(entries).toHaveLength(4);
    for (const entry of entries) {
      expect(Object.keys(entry)).toEqual(['id', 'analysis', 'a', 'b', 'params', 'headline']);
      expect([entry.a.network, entry.b.network, entry.a.layer]).toEqual(['Net1', 'Net2', entry.b.layer]);
      const keys =
        entry.analysis === 'correlation'
          ? ['samples', 'unitsA', 'unitsB', 'deadA', 'deadB']
          : ['semiMean', 'matchMean', 'agreement'];
      for (const key of keys) expect(entry.headline[key], key).toEqual(expect.any(Number));
    }
    const table = await runCommand(['results', project]);
    expect(table.stdout.split('\n').filter((line) => /^[0-9a-f]{10} /.test(line))).toHaveLength(4);
  });
});

const python = ['/usr/bin/python3', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy']).status === 0,
);

describe('export', () => {
  it('writes arrays of the promised names, shapes and types, and every figure with its data', async () => {
    const out = join(temporaryFolder(), 'new', 'out');
    const done = await runCommand([
      'export',
      project,
      '--out',
      out,
      '--format',
      'npy,csv,json,svg,png,pdf',
      '--dpi',
      '72',
    ]);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    const entries = report(first).results;
    for (const { id, analysis, headline } of entries) {
      const name = readdirSync(out).find((folder) => folder.endsWith(id.slice(0, 8)));
      const folder = join(out, name ?? '');
      const header = (file: string) => parseNpyHeader(readFileSync(join(folder, file)), file);
      expect(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'))).toMatchObject({ id, headline });
      if (analysis === 'correlation') {
        const { unitsA, unitsB } = headline;
        expect(header('correlation.npy')).toMatchObject({ dtype: 'float64', shape: [unitsA, unitsB] });
        expect(header('within-a.npy')).toMatchObject({ dtype: 'float64', shape: [unitsA, unitsA] });
        expect(header('within-b.npy')).toMatchObject({ dtype: 'float64', shape: [unitsB, unitsB] });
        expect(readFileSync(join(folder, 'correlation.csv'), 'utf8').split('\r\n')).toHaveLength(unitsA + 2);
      } else {
        for (const file of ['semi.npy', 'match.npy'])
          expect(header(file)).toMatchObject({ dtype: 'int32', shape: [expect.any(Number)] });
      }
    }
    const figures = readdirSync(join(out, 'figures'));
    for (const stem of ['layer-means', 'matching-curves-Net1-Net2-fc1', 'correlation-quad-Net1-Net2-fc1']) {
      const svg = readFileSync(join(out, 'figures', `${stem}.svg`), 'utf8');
      expect(svg).toMatch(/^(<\?xml[^>]*>\s*)?<svg /);
      const png = readFileSync(join(out, 'figures', `${stem}.png`));
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(readFileSync(join(out, 'figures', `${stem}.pdf`)).toString('latin1', 0, 8)).toBe('%PDF-1.7');
      expect(figures.some((file) => file.startsWith(stem) && file.endsWith('.csv'))).toBe(true);
      expect(figures).toContain(`${stem}.caption.txt`);
    }
  });

  it('draws a figure from its spec, the same bytes every time', async () => {
    const at = temporaryFolder();
    const spec = join(at, 'mine.figure.json');
    const panels = [
      { kind: 'matching-curves', layer: 'fc1' },
      { kind: 'layer-means', title: 'All layers' },
    ];
    writeFileSync(spec, JSON.stringify({ version: 1, kind: 'page', preset: 'neurips', columns: 2, panels }));
    const [one, other] = [join(at, 'one'), join(at, 'other')];
    for (const out of [one, other]) {
      const done = await runCommand(['export', project, '--figure', spec, '--out', out, '--dpi', '600']);
      expect(done).toMatchObject({ status: 0, stderr: '' });
    }
    const files = readdirSync(one).sort();
    expect(files).toEqual(
      expect.arrayContaining(['mine.svg', 'mine.pdf', 'mine.png', 'mine.caption.txt', 'mine.figure.json']),
    );
    for (const file of files)
      expect(readFileSync(join(other, file)).equals(readFileSync(join(one, file)))).toBe(true);
    // The spec written beside the figure makes it again.
    const again = join(at, 'again');
    await runCommand([
      'export',
      project,
      '--figure',
      join(one, 'mine.figure.json'),
      '--out',
      again,
      '--format',
      'pdf',
    ]);
    expect(readFileSync(join(again, 'mine.pdf')).equals(readFileSync(join(one, 'mine.pdf')))).toBe(true);
  });

  it('writes the gallery of one pair', async () => {
    const out = temporaryFolder();
    const done = await runCommand([
      'export',
      project,
      '--gallery',
      '--layer',
      'fc1',
      '--out',
      out,
      '--format',
      'svg',
    ]);
    expect(done.status).toBe(0);
    const figures = readdirSync(join(out, 'figures')).filter((file) => file.endsWith('.svg'));
    expect(figures).toEqual(
      expect.arrayContaining(['01-correlations.svg', '03-matching.svg', '04-layer-means.svg']),
    );
  });
});

describe('report', () => {
  it('is one page that names nothing outside itself', async () => {
    const out = join(temporaryFolder(), 'report.html');
    const done = await runCommand(['report', project, '--out', out]);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    const page = readFileSync(out, 'utf8');
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<img|src="http|url\(http|@import/);
    expect(page.match(/<figure /g)?.length).toBeGreaterThanOrEqual(3);
    for (const part of ['Findings', 'Methods', 'Formulas', 'Numbers', 'Provenance', '<math', '</table>']) {
      expect(page).toContain(part);
    }
    await runCommand(['report', project, '--out', `${out}.again`]);
    expect(readFileSync(`${out}.again`, 'utf8')).toBe(page);
  });
});

describe('exported arrays', () => {
  it.skipIf(!python)('writes arrays that numpy reads, and that tell the headline', async () => {
    const out = temporaryFolder();
    const matching = report(first).results.find(({ analysis }) => analysis === 'matching');
    const correlation = report(first).results.find(({ analysis }) => analysis === 'correlation');
    for (const [entry, name] of [
      [matching, 'm'],
      [correlation, 'c'],
    ] as const) {
      const formats = 'npy,npz,safetensors,hdf5,mat';
      const args = ['--out', join(out, name), '--format', formats, '--result', entry?.id.slice(0, 12) ?? ''];
      expect((await runCommand(['export', project, ...args])).status).toBe(0);
      const whole = readdirSync(join(out, name)).filter((file) => file.startsWith('result.'));
      expect(whole.sort()).toEqual(['result.h5', 'result.mat', 'result.npz', 'result.safetensors']);
    }
    const script = [
      'import numpy as np, json',
      "c = np.load('c/result.npz')['correlation']; semi = np.load('m/semi.npy'); match = np.load('m/match.npy')",
      "w = np.load('c/within-a.npy')",
      'matched = match >= 0',
      'print(json.dumps([str(c.dtype), str(semi.dtype), str(match.dtype), float(np.abs(w - w.T).max()), ',
      '  float(c.max(1).mean()), float(c[matched, match[matched]].mean()), len(set(match[matched])) == int(matched.sum()),',
      '  bool((c.argmax(1) == semi)[semi >= 0].all())]))',
    ].join('\n');
    const read = JSON.parse(
      execFileSync(python ?? '', ['-c', script], { cwd: out, encoding: 'utf8' }),
    ) as unknown[];
    const { semiMean = 0, matchMean = 0 } = matching?.headline ?? {};
    expect(read).toEqual([
      'float64',
      'int32',
      'int32',
      0,
      expect.closeTo(semiMean, 12),
      expect.closeTo(matchMean, 12),
      true,
      true,
    ]);
  });
});

/** Requests that are wrong, and what the one sentence about each must name. */
const wrongRequests: [string, (folder: string) => string[], RegExp][] = [
  [
    'a recipe that is not there',
    (at) => ['run', join(at, 'none.yaml')],
    /The recipe .*none\.yaml cannot be read; check the path/,
  ],
  [
    'text that is no YAML',
    (at) => ['run', write(at, 'data: [1, 2')],
    /r\.yaml, line 1, column \d+: not valid YAML/,
  ],
  [
    'an unknown key',
    (at) => ['run', writeRecipe(at, { more: 'analysis: [matching]' })],
    /recipe\.yaml: unknown key "analysis"; known keys close to it: analyses/,
  ],
  [
    'an unknown option of an analysis',
    (at) => ['run', writeRecipe(at, { analyses: ['{subspaces: {method: [cka]}}'] })],
    /recipe\.yaml, analyses\[0\]\.subspaces\.method: unknown option; .* takes methods, variance/,
  ],
  [
    'a model that is not there',
    (at) => ['run', write(at, recipe({ model: 'none.onnx' }))],
    /networks\[0\]\.model: the file .*none\.onnx does not exist/,
  ],
  [
    'a model that is none',
    (at) => ['run', write(at, recipe({ model: 'r.yaml' }))],
    /r\.yaml is not an ONNX model/,
  ],
  [
    'a tensor that is not there',
    (at) => ['run', write(at, recipe({ tensor: '/Relu_outptu_0' }))],
    /net1\.onnx has no tensor "\/Relu_outptu_0"; nearest names: \/Relu_output_0/,
  ],
  [
    'an array that is not there',
    (at) => ['run', write(at, recipe({ key: 'image' }))],
    /digits\.npz has no array "image"; it holds images/,
  ],
  [
    'data that cannot be fed',
    (at) => ['run', write(at, recipe({ key: 'labels' }))],
    /A \(net1\.onnx\) takes image \[N, 1, 28, 28\], but digits\.npz, array "labels" gives \[N\]; check data\.key/,
  ],
  [
    'an unknown format',
    (at) => ['export', project, '--out', at, '--format', 'npy,tiff'],
    /"tiff" is no format; use npy, npz, csv, json, safetensors, hdf5, mat, svg, png, pdf/,
  ],
  [
    'a figure that is not there',
    (at) => ['export', project, '--out', at, '--figure', join(at, 'none.json')],
    /--figure .*none\.json cannot be read/,
  ],
  [
    'a figure of no known kind',
    (at) => ['export', project, '--out', at, '--figure', write(at, '{"version": 1, "kind": "page"}')],
    /r\.yaml: preset: .*docs\/figures\.md/,
  ],
  [
    'a gallery of networks that are not there',
    (at) => ['export', project, '--out', at, '--gallery', '--a', 'Net9'],
    /does not compare these networks; it compares Net1 and Net2/,
  ],
  [
    'an id that is not there',
    (at) => ['export', project, '--out', at, '--result', 'zz'],
    /--result zz: no result has an id that starts so/,
  ],
  [
    'a folder that cannot be made',
    (at) => ['export', project, '--out', join(write(at, ''), 'x')],
    /--out .*x cannot be made; choose a folder you may write to/,
  ],
  ['a project that is none', (at) => ['results', write(at, 'no project')], /r\.yaml/],
  ['a project that is not there', (at) => ['results', join(at, 'none.consilience')], /none\.consilience/],
  [
    'a project of the future',
    (at) => ['results', fromTheFuture(at)],
    /later\.consilience.*newer|later version|newer version/,
  ],
  [
    'a model to inspect that is none',
    (at) => ['inspect', write(at, 'no model')],
    /r\.yaml is not an ONNX model/,
  ],
  [
    'an unknown provider',
    (at) => ['run', writeRecipe(at), '--provider', 'tpu'],
    /tpu.*Allowed choices are auto, cpu, cuda/s,
  ],
  [
    'threads that are no number',
    (at) => ['run', writeRecipe(at), '--threads', 'two'],
    /It must be a whole number from 1/,
  ],
  ['an unknown command', () => ['compare'], /unknown command 'compare'/],
  [
    'a shard beyond the last',
    (at) => ['shard', writeRecipe(at), ...'--index 3 --of 2 --out s'.split(' ')],
    /--index 3 of --of 2/,
  ],
  [
    'a shard that is none',
    (at) => ['merge', writeRecipe(at), '--project', join(at, 'p')],
    /recipe\.yaml cannot be used: it is no shard/,
  ],
];

function write(folder: string, text: string): string {
  const path = join(folder, 'r.yaml');
  writeFileSync(path, text);
  return path;
}

function recipe(change: { model?: string; tensor?: string; key?: string }): string {
  const { model = join(samplesFolder, 'net1.onnx'), tensor = '/Relu_output_0', key = 'images' } = change;
  return `data: {images: ${join(samplesFolder, 'digits.npz')}, key: ${key}, limit: 50}
networks: [{name: A, model: ${model}}, {name: B, model: ${join(samplesFolder, 'net2.onnx')}}]
layers: [{name: conv1, tensors: ${tensor}}]
analyses: [matching]
`;
}

function fromTheFuture(folder: string): string {
  const path = join(folder, 'later.consilience');
  copyFileSync(project, path);
  const file = new SqliteDatabase(path);
  file.pragma('user_version = 999999');
  file.close();
  return path;
}

describe('a request that is wrong', () => {
  it.for(wrongRequests)('%s: exit 2, plain sentences, nothing left behind', async ([, args, sentence]) => {
    const folder = temporaryFolder();
    const request = args(folder);
    const before = readdirSync(folder).sort();
    const { status, stdout, stderr } = await runCommand(request, {}, folder);
    expect(stderr).toMatch(sentence);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).not.toMatch(/error of its own|undefined|\[object/);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it('leaves an existing project unharmed', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'p.consilience');
    copyFileSync(project, path);
    for (const change of [{ tensor: 'nothing' }, { model: 'none.onnx' }]) {
      const { status } = await runCommand(['run', write(folder, recipe(change)), '--project', path]);
      expect(status).toBe(2);
    }
    const { stdout } = await runCommand(['results', path, '--json']);
    const ids = (entries: Entry[]) => entries.map(({ id }) => id).sort();
    expect(ids(JSON.parse(stdout) as Entry[])).toEqual(ids(report(first).results));
    expect(existsSync(`${path}-work`)).toBe(false);
  });

  it('shows the stack with --verbose alone', async () => {
    const { status, stderr } = await runCommand(['inspect', '/none.onnx', '--verbose']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^\s+at /m);
  });

  it('that a run cannot finish for its values ends with 1', async () => {
    const folder = temporaryFolder();
    const text = recipe({}).replace('limit: 50', 'limit: 50, scale: 1.0e+38');
    const { status, stderr } = await runCommand(['run', write(folder, text)], {}, folder);
    expect(stderr).toMatch(/Layer conv1 of A has values that are not finite .* check data\.scale/);
    expect(status).toBe(1);
  });
});

describe('validate', () => {
  it('recomputes published numbers with every back end', async () => {
    const { status, stdout } = await runCommand(['validate']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^pass +Linear CKA +0\.5576132566 /m);
    expect(stdout).toMatch(/^\d\d passed, 0 failed, \d+ not offered \(/m);
  });

  it('ends with status 1 where one differs, and says which in JSON', async () => {
    const folder = temporaryFolder();
    const oracles = join(import.meta.dirname, '../../samples/oracles');
    for (const file of readdirSync(oracles)) copyFileSync(join(oracles, file), join(folder, file));
    const file = join(folder, 'matching.json');
    const content = JSON.parse(readFileSync(file, 'utf8')) as {
      greedy_ne_optimal_12x12: { opt_mean: number };
    };
    content.greedy_ne_optimal_12x12.opt_mean += 0.01;
    writeFileSync(file, JSON.stringify(content));
    const { status, stdout } = await runCommand(['validate', '--json'], { CONSILIENCE_ORACLES: folder });
    expect(status).toBe(1);
    const report = JSON.parse(stdout) as { failed: number; checks: { id: string; verdict: string }[] };
    expect(report.failed).toBe(1);
    expect(report.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)).toEqual([
      'matching.json/greedy_ne_optimal_12x12/opt_mean',
    ]);
    writeFileSync(file, 'no json');
    const broken = await runCommand(['validate'], { CONSILIENCE_ORACLES: folder });
    expect(broken.status).not.toBe(0);
    expect(broken.stderr).toContain('matching.json is no JSON');
  });
});

describe('doctor', () => {
  it('says in words what is there and what is missing', async () => {
    const { status, stdout } = await runCommand(['doctor']);
    expect(status).toBe(0);
    for (const what of [
      'Node',
      'onnxruntime',
      'Provider cpu',
      'Provider cuda',
      'BLAS',
      'LAPACK',
      'Memory',
      'Electron',
    ])
      expect(stdout).toMatch(new RegExp(`^(ok|missing) +${what} `, 'm'));
  });
});
