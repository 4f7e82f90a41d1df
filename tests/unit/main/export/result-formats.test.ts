import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { File as Hdf5File, ready } from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeResultHdf5, writeResultMat } from '#main/export/hdf5/result-hdf5.ts';
import { writeNpz } from '#main/export/npz.ts';
import { safetensorsPieces } from '#main/export/safetensors.ts';
import { writePieces } from '#main/app/write-file.ts';
import { arrayOf } from './array-examples.ts';

/** Every format against a reader of its own: libhdf5 by h5wasm here, numpy, h5py, safetensors and scipy where they are. */

const folder = mkdtempSync(join(tmpdir(), 'consilience-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const counted = (count: number) => Array.from({ length: count }, (_, index) => index);
const arrays = [
  arrayOf(
    'within-a',
    [5, 3],
    Float64Array.from(counted(15), (value) => value / 3 - 1),
  ),
  arrayOf(
    'floats',
    [2, 7],
    Float32Array.from(counted(14), (value) => value / 2),
  ),
  arrayOf('match', [4], Int32Array.of(-1, 0, 7, 2147483647)),
  arrayOf('dead', [3], Uint8Array.of(0, 1, 255)),
  arrayOf('odd', [1], Float64Array.of(Number.NaN)),
  ...counted(12).map((index) => arrayOf(`more-${index}`, [2], Float64Array.of(index, -index))),
];
const texts = { analysis: 'matching', network_a: 'Réseau 1 概念', provenance: '{"seed": 7}' };
const createdAt = '2026-01-02T03:04:05.000Z';

beforeAll(async () => {
  await ready;
  await writeNpz(at('r.npz'), arrays);
  await writePieces(at('r.safetensors'), safetensorsPieces(arrays, texts));
  await writeResultHdf5(at('r.h5'), arrays, texts);
  await writeResultMat(at('r.mat'), arrays, texts, { createdAt });
});

describe('HDF5', () => {
  it('is read by the HDF5 library: names, types, shapes, values and texts', () => {
    const file = new Hdf5File(at('r.h5'), 'r');
    try {
      expect(file.keys().sort()).toEqual(arrays.map(({ name }) => name).sort());
      for (const { name, shape, data } of arrays) {
        const dataset = file.get(name) as { shape: number[]; value: ArrayLike<number>; dtype: string };
        expect(dataset.shape, name).toEqual(shape);
        expect(dataset.value, name).toEqual(data);
      }
      for (const [name, text] of Object.entries(texts)) expect(file.attrs[name].value).toBe(text);
    } finally {
      file.close();
    }
  });

  it('of no arrays, and of an array without values, is a file all the same', async () => {
    await writeResultHdf5(at('none.h5'), [], {});
    await writeResultHdf5(at('empty.h5'), [arrayOf('none', [0, 5], new Float64Array(0))], {});
    const none = new Hdf5File(at('none.h5'), 'r');
    expect(none.keys()).toEqual([]);
    none.close();
    const empty = new Hdf5File(at('empty.h5'), 'r');
    expect((empty.get('none') as { shape: number[] }).shape).toEqual([0, 5]);
    empty.close();
  });

  it('is the same bytes every time', async () => {
    await writeResultHdf5(at('again.h5'), arrays, texts);
    await writeNpz(at('again.npz'), arrays);
    expect(readFileSync(at('again.h5')).equals(readFileSync(at('r.h5')))).toBe(true);
    expect(readFileSync(at('again.npz')).equals(readFileSync(at('r.npz')))).toBe(true);
  });
});

describe('a MATLAB file', () => {
  it('has the block, the classes and the columns of MATLAB', () => {
    const block = readFileSync(at('r.mat')).subarray(0, 512);
    expect(block.toString('latin1', 0, 116)).toMatch(/^MATLAB 7\.3 MAT-file, .* HDF5 schema 1\.00 \. *$/);
    expect([...block.subarray(124, 128)]).toEqual([0, 2, 0x49, 0x4d]);
    const file = new Hdf5File(at('r.mat'), 'r');
    try {
      const variable = (name: string) =>
        file.get(name) as { shape: number[]; value: number[]; attrs: Record<string, { value: unknown }> };
      const classes = {
        within_a: 'double',
        floats: 'single',
        match: 'int32',
        dead: 'uint8',
        analysis: 'char',
      };
      for (const [name, value] of Object.entries(classes))
        expect(variable(name).attrs.MATLAB_class.value, name).toBe(value);
      expect(variable('within_a').shape).toEqual([3, 5]);
      const turned = counted(15).map((index) => arrays[0].data[(index % 5) * 3 + Math.floor(index / 5)]);
      expect([...variable('within_a').value]).toEqual(turned);
      expect(variable('match').shape).toEqual([4, 1]);
      expect(String.fromCharCode(...variable('network_a').value)).toBe(texts.network_a);
      expect(variable('analysis').attrs.MATLAB_int_decode.value).toBe(2);
    } finally {
      file.close();
    }
  });
});

const pythons = [process.env.CONSILIENCE_PYTHON, '/usr/bin/python3', 'python3'].filter(
  (one) => one !== undefined,
);

/** A test for a Python that has these modules; where there is none, its name says so. */
function itWithPython(name: string, modules: string[], test: (python: string) => void): void {
  const found = pythons.find((one) => spawnSync(one, ['-c', `import ${modules.join(', ')}`]).status === 0);
  const why = ` (skipped: no Python with ${modules.join(', ')} was found)`;
  it.skipIf(!found)(found ? name : name + why, () => test(found ?? ''));
}

function run(python: string, script: string): unknown {
  const { stdout, stderr, status } = spawnSync(python, ['-c', script], { cwd: folder, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

const listed =
  'json.dumps({k: [str(a.dtype), list(a.shape), [repr(x) for x in a.ravel().tolist()]] for k, a in f.items()})';

function check(read: unknown): void {
  const found = read as Record<string, [string, number[], string[]]>;
  expect(Object.keys(found).sort()).toEqual(arrays.map(({ name }) => name).sort());
  for (const { name, dtype, shape, data } of arrays) {
    const [foundType, foundShape, values] = found[name];
    expect([foundType, foundShape], name).toEqual([dtype, shape]);
    expect(
      values.map((text) => (text === 'nan' ? Number.NaN : Number(text))),
      name,
    ).toEqual([...data]);
  }
}

describe('Python', () => {
  itWithPython('numpy reads the npz', ['numpy'], (python) => {
    check(
      run(python, `import json, numpy as n; f = dict(n.load('r.npz', allow_pickle=False)); print(${listed})`),
    );
    const zip = "import zipfile; print(zipfile.ZipFile('r.npz').testzip() is None and 'null')";
    expect(run(python, zip)).toBeNull();
  });

  itWithPython('safetensors reads the safetensors', ['safetensors', 'numpy'], (python) => {
    const load = "from safetensors import safe_open; h = safe_open('r.safetensors', 'numpy')";
    check(run(python, `import json; ${load}; f = {k: h.get_tensor(k) for k in h.keys()}; print(${listed})`));
    expect(run(python, `import json; ${load}; print(json.dumps(h.metadata()))`)).toEqual(texts);
  });

  itWithPython('h5py reads the HDF5 and the MATLAB file', ['h5py', 'numpy'], (python) => {
    const load = "import h5py, json; h = h5py.File('r.h5'); f = {k: h[k][()] for k in h}";
    check(run(python, `${load}; print(${listed})`));
    const attributes = 'json.dumps({k: v if isinstance(v, str) else v.decode() for k, v in h.attrs.items()})';
    expect(run(python, `${load}; print(${attributes})`)).toEqual(texts);
    const mat = [
      "import h5py, json; h = h5py.File('r.mat'); v = h['within_a']",
      "print(json.dumps([h.userblock_size, v.attrs['MATLAB_class'].decode(), v[()].T.tolist()]))",
    ].join('\n');
    const rows = counted(5).map((row) => [...arrays[0].data.subarray(row * 3, row * 3 + 3)]);
    expect(run(python, mat)).toEqual([512, 'double', rows]);
  });

  it('the safetensors header is what the format says, without the package too', () => {
    const file = readFileSync(at('r.safetensors'));
    const length = Number(file.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    const header = JSON.parse(file.toString('utf8', 8, 8 + length)) as Record<
      string,
      { data_offsets: [number, number] }
    >;
    const bytes = arrays.reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(file.length).toBe(8 + length + bytes);
    const [start] = header.match.data_offsets;
    expect(file.readInt32LE(8 + length + start)).toBe(-1);
  });
});
