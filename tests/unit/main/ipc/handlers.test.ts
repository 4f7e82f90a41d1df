import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { recipeSchema } from '#core/domain/recipe.ts';
import type { AnalysisDraft } from '#core/ipc/areas/analysis.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { JobInfo } from '#core/domain/job.ts';
import type { NamedArray } from '#core/domain/result.ts';
import { handlers } from '#main/ipc/handlers/index.ts';
import { parseRecipe } from '#main/recipe/load.ts';
import { fakeWorld, type FakeWorld } from './fake-context.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consilience-handlers-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('project', () => {
  it('makes the sample project and starts its run, once', async () => {
    const world = fakeWorld();
    const first = await handlers.project.openSample({}, world.context);
    expect(world.events).toEqual(['open /user/digits.consilience open-or-create "Sample"']);
    expect(first.jobId).toBe('job-1');
    expect(world.requests[0].baseFolder).toBe('/app/samples');
    const second = await handlers.project.openSample({}, world.context);
    expect(second.jobId).toBe('job-1');
    expect(world.requests).toHaveLength(1);
  });

  it('starts nothing when the sample project holds its run', async () => {
    const world = fakeWorld();
    world.summary.runs.push({ layers: [], results: [] });
    expect((await handlers.project.openSample({}, world.context)).jobId).toBeNull();
    expect(world.requests).toEqual([]);
  });

  it('is created under the chosen name with the right ending', async () => {
    const world = fakeWorld();
    world.dialogs.save = '/data/mine';
    await handlers.project.createDialog({ title: 'Mine' }, world.context);
    expect(world.events).toEqual(['open /data/mine.consilience create "Mine"']);
  });

  it('stays as it is when a dialog is cancelled', async () => {
    const world = fakeWorld();
    expect(await handlers.project.createDialog({ title: 'Mine' }, world.context)).toEqual({
      cancelled: true,
    });
    expect(await handlers.project.openDialog({}, world.context)).toEqual({ cancelled: true });
    expect(await handlers.project.current({}, world.context)).toEqual({ project: null });
    expect(await handlers.project.close({}, world.context)).toEqual({ closed: false });
  });

  it('closes the open file, its jobs left to be taken up, before the next is opened', async () => {
    const world = fakeWorld();
    await handlers.project.openSample({}, world.context);
    await handlers.project.openRecent({ token: 'whatever-token' }, world.context);
    expect(world.events).toEqual([
      'open /user/digits.consilience open-or-create "Sample"',
      'leave jobs',
      'close /user/digits.consilience',
      'open /known.consilience open',
    ]);
  });

  it('tells the window of jobs, and of the project when one has ended', async () => {
    const world = fakeWorld();
    await handlers.project.openSample({}, world.context);
    world.emitJob({ id: 'job-1', state: 'running' } as JobInfo);
    world.emitJob({ id: 'job-1', state: 'done' } as JobInfo);
    await expect
      .poll(() => world.events.slice(1))
      .toEqual(['job job-1 running', 'job job-1 done', 'project changed']);
  });

  it('is needed for what works in a project', async () => {
    const { context } = fakeWorld();
    await expect(async () => handlers.result.get({ resultId: 'r' }, context)).rejects.toThrow(
      /No project is open/,
    );
    await expect(async () => handlers.job.cancel({ jobId: 'j' }, context)).rejects.toThrow(
      /No project is open/,
    );
    expect(await handlers.job.list({}, context)).toEqual({ jobs: [] });
  });
});

describe('files', () => {
  it('reach the window as tokens, never as paths', async () => {
    const world = fakeWorld();
    const model = join(folder, 'net1.onnx');
    await writeFile(model, 'four');
    world.dialogs.open = [model];
    const { files } = await handlers.network.pick({}, world.context);
    expect(files).toEqual([
      { token: expect.stringMatching(/^[0-9a-f]{32}$/), fileName: 'net1.onnx', bytes: 4 },
    ]);
    expect(JSON.stringify(files)).not.toContain(folder);
    expect(world.context.tokens.resolve(files[0].token)).toBe(model);
  });
});

describe('analysis', () => {
  const draftIn = (world: FakeWorld): AnalysisDraft => ({
    title: 'Mine',
    data: { token: world.context.tokens.issue('/data/digits: odd #name.npz'), key: 'images', scale: 1 / 255 },
    networks: [
      { name: 'Net1', token: world.context.tokens.issue('/data/net1.onnx') },
      { name: 'Net2', token: world.context.tokens.issue('/data/net2.onnx') },
    ],
    layers: [{ name: 'conv1', tensors: { Net1: '/a', Net2: '/b' }, sample: 'position' }],
    folds: { test: 0.25, seed: 7 },
    analyses: ['correlation', { matching: { score: 'absolute-correlation' } }, 'certainty'],
    provider: 'cpu',
    threads: null,
    batch: null,
  });

  it('becomes a recipe that the command line accepts, with the files behind the tokens', async () => {
    const world = fakeWorld();
    const { yaml } = await handlers.analysis.recipeText(draftIn(world), world.context);
    const recipe = recipeSchema.parse(parse(yaml));
    expect(recipe.data?.images).toBe('/data/digits: odd #name.npz');
    expect(recipe.networks).toEqual([
      { name: 'Net1', model: '/data/net1.onnx' },
      { name: 'Net2', model: '/data/net2.onnx' },
    ]);
    expect(recipe.analyses).toEqual([
      'correlation',
      { matching: { score: 'absolute-correlation' } },
      'certainty',
    ]);
    expect(recipe.folds).toEqual({ test: 0.25, seed: 7 });
    expect(recipe).not.toHaveProperty('threads');
  });

  it('takes files of arrays for saved activations, which need no data', async () => {
    const world = fakeWorld();
    const networks = ['/data/a.h5', '/data/b.npz'].map((path, at) => ({
      name: 'AB'[at],
      token: world.context.tokens.issue(path),
    }));
    const draft = { ...draftIn(world), data: null, networks };
    const { yaml } = await handlers.analysis.recipeText(draft, world.context);
    const recipe = recipeSchema.parse(parse(yaml));
    expect(recipe.data).toBeUndefined();
    expect(recipe.networks).toEqual([
      { name: 'A', activations: '/data/a.h5' },
      { name: 'B', activations: '/data/b.npz' },
    ]);
  });

  it('keeps where inputs come from, and is written where the person says', async () => {
    const world = fakeWorld();
    const mask = world.context.tokens.issue('/data/mask.npy');
    const { data, networks, layers, ...rest } = draftIn(world);
    const draft: AnalysisDraft = {
      ...rest,
      data: { ...data!, arrays: { mask: { token: mask, key: 'm' } }, ids: 'names', vocabulary: mask },
      networks: networks.map((network) => ({
        ...network,
        inputs: { x: { images: true }, mask: { array: 'mask' } },
      })),
      layers: layers.map((layer) => ({ ...layer, axes: { Net1: 'NTC', Net2: 'NTC' } })),
      pairs: [['Net2', 'Net1']],
      batch: 8,
    };
    expect(await handlers.analysis.saveRecipe(draft, world.context)).toEqual({ fileName: null });
    world.dialogs.save = join(folder, 'mine.yaml');
    expect(await handlers.analysis.saveRecipe(draft, world.context)).toEqual({ fileName: 'mine.yaml' });
    const recipe = recipeSchema.parse(parse(await readFile(world.dialogs.save, 'utf8')));
    expect(recipe).toMatchObject({
      data: {
        arrays: { mask: { file: '/data/mask.npy', key: 'm' } },
        ids: 'names',
        vocabulary: '/data/mask.npy',
      },
      networks: draft.networks.map(({ name, inputs }) => ({ name, inputs })),
      layers: [{ tensors: { Net1: '/a', Net2: '/b' }, axes: 'NTC' }],
      pairs: [['Net2', 'Net1']],
      batch: 8,
    });
  });

  it('starts in the open project, with its text kept', async () => {
    const world = fakeWorld();
    await handlers.project.openRecent({ token: 'whatever-token' }, world.context);
    const { jobId } = await handlers.analysis.start(draftIn(world), world.context);
    expect(jobId).toBe('job-1');
    expect(world.requests[0].recipeText).toContain('/data/net2.onnx');
  });

  it('refuses a token that main never gave', () => {
    const world = fakeWorld();
    const draft = { ...draftIn(world), networks: [{ name: 'Net1', token: 'made-up-token' }] };
    expect(() => handlers.analysis.recipeText(draft, world.context)).toThrow(/Choose the file again/);
  });
});

describe('an analysis added to a run', () => {
  const recipe = `# mine
data: {images: digits.npz}
networks: [{name: Net1, model: net1.onnx}, {name: Net2, model: net2.onnx}]
layers: [{name: conv1, tensors: /a}]
analyses:
  - {matching: {score: absolute-correlation}}
`;
  const openWorld = async () => {
    const world = fakeWorld();
    world.dialogs.save = join(folder, 'mine');
    world.context.recipes = { ...world.context.recipes, parse: parseRecipe };
    world.summary.runs.push({ id: 'run-1', title: 'Mine', recipe, layers: [], results: [] });
    await handlers.project.createDialog({ title: 'Mine' }, world.context);
    return world;
  };

  it('runs its recipe again, options kept, with files beside the project', async () => {
    const world = await openWorld();
    for (const name of ['digits.npz', 'net1.onnx', 'net2.onnx']) await writeFile(join(folder, name), '');
    await handlers.analysis.add({ runId: 'run-1', analyses: ['matching', 'certainty'] }, world.context);
    const [request] = world.requests;
    expect(request.baseFolder).toBe(folder);
    expect(request.recipeText).toContain('# mine');
    expect(request.recipe.analyses.map((analysis) => analysis.name)).toEqual(['matching', 'certainty']);
    expect(request.recipe.analyses[0]).toEqual({ name: 'matching', score: 'absolute-correlation' });
  });

  it('says which files are gone, and starts nothing', async () => {
    const world = await openWorld();
    await writeFile(join(folder, 'net1.onnx'), '');
    const asked = handlers.analysis.add({ runId: 'run-1', analyses: ['code'] }, world.context);
    await expect(asked).rejects.toThrow(/digits\.npz, net2\.onnx\. Put them back/);
    expect(world.requests).toEqual([]);
  });

  it('needs a run of the project', async () => {
    const world = await openWorld();
    const asked = handlers.analysis.add({ runId: 'other', analyses: ['code'] }, world.context);
    await expect(asked).rejects.toThrow(/no such run/);
  });
});

describe('an array of a result', () => {
  const worldWith = async (rows: number, cols: number) => {
    const world = fakeWorld({
      result: async () => ({ arrays: [{ name: 'map', dtype: 'float64', rows, cols }] }) as never,
      array: async (_id, name) => ({
        name,
        dtype: 'float64',
        rows,
        cols,
        data: Float64Array.of(9, 1, 2, 9).subarray(1, 3),
      }),
    });
    await handlers.project.openRecent({ token: 'whatever-token' }, world.context);
    return world;
  };

  it('comes whole, in a buffer of its own', async () => {
    const { context } = await worldWith(1, 2);
    const { data } = await handlers.result.array({ resultId: 'r', array: 'map' }, context);
    expect([...data]).toEqual([1, 2]);
    expect(data.buffer.byteLength).toBe(16);
  });

  it('is refused where the result has none of that name, or it is large', async () => {
    const { context } = await worldWith(2048, 1024);
    const large = handlers.result.array({ resultId: 'r', array: 'map' }, context);
    await expect(large).rejects.toThrow(/2097152 values.*tiles/);
    const unknown = handlers.result.array({ resultId: 'r', array: 'mop' }, context);
    await expect(unknown).rejects.toThrow(/no array "mop". It has: map/);
  });
});

it('a picture of the window is saved where the person says, as PNG', async () => {
  const world = fakeWorld();
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
  const picture = { name: 'subspaces Net1/Net2', png: png.toString('base64') };
  await expect(handlers.figure.savePicture(picture, world.context)).rejects.toThrow(/project/);
  await handlers.project.openRecent({ token: 'whatever-token' }, world.context);
  expect(await handlers.figure.savePicture(picture, world.context)).toEqual({ cancelled: true });
  world.dialogs.save = join(folder, 'space');
  const saved = await handlers.figure.savePicture(picture, world.context);
  expect(saved).toMatchObject({ file: 'space.png' });
  expect((await readFile(join(folder, 'space.png'))).equals(png)).toBe(true);
});

describe('pairs and units', () => {
  /** Three networks of 1, 2 and 3 units in one joint layer; the result compares the second with the third. */
  const joint = [10, 20, 21, 30, 31, 32];
  const arrays: Record<string, NamedArray['data']> = {
    match: Int32Array.of(2, -1),
    'match-value': Float64Array.of(0.9, Number.NaN),
    semi: Int32Array.of(2, 0),
    'semi-value': Float64Array.of(0.9, 0.4),
  };
  const database: Partial<DatabaseMethods> = {
    result: async () => ({ a: { network: 'two', layer: 'L' }, b: { network: 'three', layer: 'L' } }) as never,
    runOfResult: async () =>
      ({ id: 'run', networks: ['one', 'two', 'three'].map((name) => ({ name })) }) as never,
    captureOfRun: async () => 'capture',
    capture: async () =>
      ({
        layers: [
          { name: 'K', units: [9, 9, 9] },
          { name: 'L', units: [1, 2, 3] },
        ],
      }) as never,
    captureArray: async (_id, name) => {
      expect(name.startsWith('1/train/')).toBe(true);
      const data = name.endsWith('dead') ? Uint8Array.of(0, 0, 1, 0, 0, 1) : Float64Array.from(joint);
      return { name, dtype: 'float64', rows: 1, cols: 6, data };
    },
    array: async (_id, name) => ({ name, dtype: 'float64', rows: 1, cols: 2, data: arrays[name] }),
  };

  it('are cut out of the joint arrays by network', async () => {
    const world = fakeWorld(database);
    await handlers.project.openRecent({ token: 'whatever-token' }, world.context);
    const { a, b } = await handlers.result.units({ resultId: 'm' }, world.context);
    expect([...a.mean]).toEqual([20, 21]);
    expect([...b.kurtosis]).toEqual([30, 31, 32]);
    expect([[...a.dead], [...b.dead]]).toEqual([
      [0, 1],
      [0, 0, 1],
    ]);
  });

  it('list every unit of A with its partners', async () => {
    const world = fakeWorld(database);
    await handlers.project.openRecent({ token: 'whatever-token' }, world.context);
    const table = await handlers.result.pairs({ resultId: 'm' }, world.context);
    expect(table).toEqual({
      unitA: Int32Array.of(0, 1),
      matchB: Int32Array.of(2, -1),
      matchValue: Float64Array.of(0.9, Number.NaN),
      semiB: Int32Array.of(2, 0),
      semiValue: Float64Array.of(0.9, 0.4),
      meanA: Float64Array.of(20, 21),
      meanB: Float64Array.of(32, 0),
      deadA: Uint8Array.of(0, 1),
      deadB: Uint8Array.of(1, 0),
    });
  });
});
