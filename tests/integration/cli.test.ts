import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseNpyHeader } from '#workers/data/arrays/npy-header.ts';
import { commandLineProject, reportOf, type Entry } from '../fixtures/cli-project.ts';
import { runCommand, until } from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { samplesFolder } from '../fixtures/samples.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const { folder: shared, project, first } = commandLineProject();

describe('run', () => {
  it('prints one JSON document on standard output and plain progress lines on standard error', () => {
    expect(first().status).toBe(0);
    const { results, reused, computed, notes, timings } = reportOf(first());
    expect({ reused, computed, notes }).toEqual({ reused: 0, computed: 4, notes: [] });
    expect(results.map(({ analysis, a }) => `${analysis} ${a.layer}`)).toEqual([
      'correlation conv3',
      'matching conv3',
      'correlation fc1',
      'matching fc1',
    ]);
    expect(timings.inferenceMs).toBeGreaterThan(0);
    expect(timings.totalMs).toBeGreaterThan(timings.inferenceMs);
    expect(first().stderr).toMatch(/^Reading activations, 0 of 100 images \(0 %\)$/m);
    for (const control of ['\r', '\u001b']) expect(first().stderr).not.toContain(control);
  });

  it('leaves the project file and nothing else', () => {
    expect(readdirSync(shared).sort()).toEqual(['p.consilience', 'recipe.yaml']);
  });

  it('answers a second time from the file, without the engine’s work', async () => {
    const again = await runCommand(['run', join(shared, 'recipe.yaml'), '--project', project, '--json']);
    expect(again.status).toBe(0);
    const { reused, computed, results, notes, timings } = reportOf(again);
    expect({ reused, computed }).toEqual({ reused: 4, computed: 0 });
    expect(notes).toEqual(['4 of 4 results were in the project already and were reused.']);
    expect(timings.inferenceMs).toBe(0);
    expect(results).toEqual(reportOf(first()).results);
  });

  it('adds a network and reuses the pairs that are there', async () => {
    const folder = temporaryFolder();
    const copy = join(folder, 'p.consilience');
    copyFileSync(project, copy);
    const recipe = writeRecipe(folder, { networks: ['Net1', 'Net2', 'Net5'] });
    const more = reportOf(await runCommand(['run', recipe, '--project', copy, '--json']));
    expect({ reused: more.reused, computed: more.computed }).toEqual({ reused: 4, computed: 8 });
    const old = new Map(reportOf(first()).results.map((entry) => [entry.id, entry.headline]));
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
    const both = reportOf(await runCommand(['run', writeRecipe(folder), '--project', path, '--json']));
    expect({ reused: both.reused, computed: both.computed }).toEqual({ reused: 2, computed: 2 });
    expect(both.timings.inferenceMs).toBe(0);
    expect(both.results).toEqual(reportOf(first()).results);
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
    const { notes } = reportOf(ran);
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
      reportOf(ran).results[0].id,
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
    const entries = reportOf(first()).results;
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
    const matching = reportOf(first()).results.find(({ analysis }) => analysis === 'matching');
    const correlation = reportOf(first()).results.find(({ analysis }) => analysis === 'correlation');
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
