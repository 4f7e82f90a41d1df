import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageSpecSchema } from '#core/figure/spec.ts';
import { packedRows, packUpper } from '#core/numeric/linear-algebra/packed-upper.ts';
import type { DatabaseService } from '#main/app/services.ts';
import { migrations } from '#workers/database/migrations/index.ts';
import { matrix, newCapture, newResult, writeArrayFile } from '../fixtures/database-records.ts';
import { figureProject } from '../fixtures/figure-project.ts';

/** The reader for Python, over a project whose numbers are known here. */

const module = join(import.meta.dirname, '../../python/consilience.py');
const python = [process.env.CONSILIENCE_PYTHON, '/usr/bin/python3', 'python3'].find(
  (one) => one !== undefined && spawnSync(one, ['-c', 'import numpy']).status === 0,
);
const hasPandas = python !== undefined && spawnSync(python, ['-c', 'import pandas']).status === 0;

const folder = mkdtempSync(join(tmpdir(), 'consilience-python-'));
let database: DatabaseService;
let path = '';

beforeAll(async () => {
  database = await figureProject(folder);
  ({ path } = database);
  // Tiles of 512: this one has four, three of them at an edge.
  const large = matrix('large', 700, 600, (row, col) => row / 7 - col);
  const result = newResult('large-result', writeArrayFile(join(folder, 'large'), [large]));
  const headline = { mean: Number.NaN, top: Infinity, points: [{ alpha: 0.1 }] };
  await database.methods.putResult({ ...result, analysis: 'code', headline });
  const page = pageSpecSchema.parse({
    version: 1,
    kind: 'page',
    preset: 'icml',
    panels: [{ kind: 'layer-means' }],
  });
  const at = '2026-01-02T03:04:05.000Z';
  const sources = { run: null, newestRun: null, panels: [] };
  await database.methods.putFigure({ id: 'f', name: 'Figure 1', page, sources, createdAt: at, savedAt: at });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the script prints as JSON; `project` is open in it. */
function read(script: string): unknown {
  const lines = [
    'import sys, json, hashlib, numpy as np',
    `sys.path.insert(0, ${JSON.stringify(join(module, '..'))})`,
    'import consilience',
    `with consilience.open(${JSON.stringify(path)}) as project:`,
    ...script.split('\n').map((line) => `    ${line}`),
  ];
  return JSON.parse(execFileSync(python ?? '', ['-B', '-c', lines.join('\n')], { encoding: 'utf8' }));
}

it('knows the format of this version', () => {
  const known = /^KNOWN_VERSION = (\d+)$/m.exec(readFileSync(module, 'utf8'))?.[1];
  expect(Number(known)).toBe(Math.max(...migrations.map(({ version }) => version)));
});

describe.skipIf(!python)('the reader for Python (skipped without numpy)', () => {
  it('gives runs, results and their numbers', async () => {
    const found = read(
      [
        "one = project.result('matching', a='Net1', b='Net2', layer='conv2')",
        'run = project.runs[0]',
        'print(json.dumps([project.title, project.version, run.title, run.networks, run.layers,',
        '    [r.analysis for r in run.results], one.headline, one.params, one["match"].tolist(),',
        '    one["semi-value"].tolist(), str(one["match"].dtype), one.arrays["order-b"], run.capture["match"].shape]))',
      ].join('\n'),
    );
    const { runs, title, schemaVersion } = await database.methods.summary();
    const result = runs[0].results.find(({ analysis, a }) => analysis === 'matching' && a.layer === 'conv2')!;
    const { id, headline, params } = result;
    const array = async (name: string) => [...(await database.methods.array(id, name)).data];
    expect(found).toEqual([
      title,
      schemaVersion,
      'Digits',
      ['Net1', 'Net2'],
      ['conv1', 'conv2'],
      ['correlation', 'matching', 'correlation', 'matching'],
      headline,
      params,
      await array('match'),
      await array('semi-value'),
      'int32',
      ['int32', [12]],
      [12],
    ]);
  });

  it.each([1, 2, 5, 6])('gives second moments of %i units as the whole matrix', async (p) => {
    const cell = (i: number, j: number) => 10 * Math.min(i, j) + Math.max(i, j) + 1;
    const whole = Array.from({ length: p }, (_, i) => Array.from({ length: p }, (_, j) => cell(i, j)));
    const packed = packUpper(p, Float64Array.from(whole.flat()));
    const m2 = { name: '0/train/m2', dtype: 'float64' as const, rows: packedRows(p), cols: p, data: packed };
    const id = `capture-${p}`;
    await database.methods.putCapture(newCapture(id, writeArrayFile(join(folder, id), [m2])));
    const script = [
      `one = consilience.Capture(project, project._one('SELECT * FROM captures WHERE capture_id = ?', '${id}'))`,
      "print(json.dumps([one['0/train/m2'].tolist(), one.arrays['0/train/m2']]))",
    ].join('\n');
    expect(read(script)).toEqual([whole, ['float64', [p, p]]]);
  });

  it('puts every array together as it was hashed when it was stored', () => {
    const script = [
      "rows = project._all('SELECT * FROM arrays')",
      'def sha(row):',
      "    head = f\"{row['dtype']} {row['row_count']} {row['col_count']}\\n\".encode()",
      '    return hashlib.sha256(head + np.ascontiguousarray(project._read(row)).tobytes()).hexdigest()',
      "print(json.dumps([len(rows), all(sha(row) == row['sha256'] for row in rows)]))",
    ].join('\n');
    expect(read(script)).toEqual([expect.any(Number), true]);
    const corner =
      "print(json.dumps(project.results('code')[0]['large'][[0, 511, 512, 699], [0, 512, 511, 599]].tolist()))";
    expect(read(corner)).toEqual([0, 511 / 7 - 512, 512 / 7 - 511, 699 / 7 - 599]);
  });

  it('gives numbers that JSON lacks, saved figures and tables', () => {
    const script = [
      "head = project.results('code')[0].headline",
      "table = project.table('matching')",
      "rows = table if isinstance(table, list) else table.to_dict('records')",
      'print(json.dumps([repr(head["mean"]), repr(head["top"]), head["points"], project.figures, rows[0]]))',
    ].join('\n');
    expect(read(script)).toEqual([
      'nan',
      'inf',
      [{ alpha: 0.1 }],
      [
        {
          name: 'Figure 1',
          page: expect.objectContaining({ kind: 'page' }),
          saved_at: '2026-01-02T03:04:05.000Z',
        },
      ],
      expect.objectContaining({ a: 'Net1', b: 'Net2', layer: 'conv1', matchMean: 0.7 }),
    ]);
    const units = [
      "units = project.result('matching', layer='conv1').units()",
      "print(json.dumps([type(units).__name__, list(units), [int(v) for v in units['match']][:3]]))",
    ].join('\n');
    const columns = ['semi', 'semi-value', 'match', 'match-value'];
    expect(read(units)).toEqual([hasPandas ? 'DataFrame' : 'dict', columns, [11, 10, 9]]);
  });

  it('says what is wrong', () => {
    const said = (script: string) =>
      read(
        `try:\n    ${script}\nexcept (KeyError, ValueError, FileNotFoundError) as error:\n    print(json.dumps(str(error)))`,
      );
    writeFileSync(join(folder, 'text.consilience'), 'no project at all, only text');
    expect(said("project.result('matching')")).toMatch(
      /2 results of the run fit matching; give analysis, a, b and layer/,
    );
    expect(said("project.result('subspaces')")).toMatch(/no result for subspaces/);
    expect(said("project.result('matching', layer='conv1')['maps']")).toMatch(
      /no array 'maps' here; there are semi,/,
    );
    expect(said(`consilience.open(${JSON.stringify(join(folder, 'text.consilience'))})`)).toMatch(
      /is no Consilience project/,
    );
    expect(said(`consilience.open(${JSON.stringify(join(folder, 'none'))})`)).toMatch(
      /There is no project file/,
    );
  });
});
