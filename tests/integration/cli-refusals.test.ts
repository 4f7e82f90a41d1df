import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { commandLineProject, reportOf, type Entry } from '../fixtures/cli-project.ts';
import { runCommand } from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { samplesFolder } from '../fixtures/samples.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const { project, first } = commandLineProject();

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
    expect(ids(JSON.parse(stdout) as Entry[])).toEqual(ids(reportOf(first()).results));
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
