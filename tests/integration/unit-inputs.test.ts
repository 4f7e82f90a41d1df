import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectRun } from '#core/domain/project.ts';
import { openDatabase } from '#main/database/client.ts';
import { createEngineService } from '#main/engine/supervisor.ts';
import type { DatabaseService, EngineService } from '#main/app/services.ts';
import type { HandlerContext } from '#main/ipc/context.ts';
import { unitHandlers } from '#main/ipc/handlers/unit.ts';
import { loadRecipe, parseRecipe } from '#main/recipe/load.ts';
import { createJobService } from '#main/jobs/job-service.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { samplesFolder } from '../fixtures/samples.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

/** A run into a real project, and the window's questions about its units, through a real engine. */
const limit = 120;
let folder: string;
let engine: EngineService;
let database: DatabaseService;
let run: ProjectRun;
let context: HandlerContext;

const contextOf = (open: DatabaseService) =>
  ({
    session: { required: () => ({ database: open }) },
    engine,
    sample: { projectPath: '/none', recipePath: '/none' },
    recipes: { parse: parseRecipe },
  }) as unknown as HandlerContext;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'consilience-units-'));
  engine = createEngineService();
  for (const name of ['digits.npz', 'net1.onnx', 'net2.onnx'])
    copyFileSync(join(samplesFolder, name), join(folder, name));
  const recipe = writeRecipe(folder, { layers: ['conv1', 'conv3', 'fc1'], limit });
  writeFileSync(recipe, readFileSync(recipe, 'utf8').replaceAll(`${samplesFolder}/`, ''));
  database = await openDatabase(join(folder, 'units.consilience'), 'create', 'Units');
  const jobs = createJobService({ engine, database });
  await jobs.finished(jobs.start(await loadRecipe(recipe)).id);
  [run] = (await database.methods.summary()).runs;
  context = contextOf(database);
}, 120_000);

afterAll(async () => {
  await database.close();
  await engine.stop();
  rmSync(folder, { recursive: true });
});

const of = (network: string, layer: string) => ({ runId: run.id, network, layer });

describe('top inputs', () => {
  it('have the activation that was stored, at its place, in the map of the same input', async () => {
    for (const layer of ['conv1', 'conv3', 'fc1']) {
      const tensor = of('Net2', layer);
      const { units, geometry } = await unitHandlers.topInputs({ ...tensor, units: [0, 5, 23] }, context);
      const looks = units.flatMap(({ unit, images }) =>
        images.length > 0 ? [{ unit, images: [...images] }] : [],
      );
      const { height, width, maps } = await unitHandlers.maps({ ...tensor, looks }, context);
      expect(geometry).toMatchObject({ height, width });
      maps.forEach((values, at) => {
        const { images, places, values: stored } = units[at];
        expect(images).toHaveLength(9);
        images.forEach((_, rank) => {
          const map = values.subarray(rank * height * width, (rank + 1) * height * width);
          expect(map[places[rank]]).toBeCloseTo(stored[rank], 4);
          expect(Math.max(...map)).toBeCloseTo(stored[rank], 4);
        });
        expect([...stored]).toEqual([...stored].sort((x, y) => y - x));
      });
    }
  });

  it('are kept as pictures that equal those read from the file', async () => {
    const { units, inputs } = await unitHandlers.topInputs(
      { ...of('Net1', 'conv3'), units: [3, 4] },
      context,
    );
    const wanted = new Set(units.flatMap(({ images }) => [...images]));
    expect(new Set(inputs?.images)).toEqual(wanted);
    const read = await unitHandlers.inputs({ runId: run.id, images: [...inputs!.images] }, context);
    expect(read.values).toEqual(inputs!.values);
    expect([read.rows, read.cols, read.kind]).toEqual([28, 28, 'picture']);
  });

  it('of a unit that is not there are refused in words', async () => {
    await expect(unitHandlers.topInputs({ ...of('Net1', 'conv1'), units: [999] }, context)).rejects.toThrow(
      /conv1 of Net1 has \d+ units, numbered from 0; there is no 999/,
    );
    await expect(unitHandlers.topInputs({ ...of('Net9', 'conv1'), units: [0] }, context)).rejects.toThrow(
      'The run has no network Net9',
    );
    await expect(unitHandlers.inputs({ runId: run.id, images: [limit] }, context)).rejects.toThrow(
      `has ${limit} samples; there is no number ${limit}`,
    );
  });
});

it('details give the receptive field, and the filter of a first layer', async () => {
  const first = await unitHandlers.details({ ...of('Net1', 'conv1'), unit: 2 }, context);
  expect(first.geometry.field).toMatchObject({ axes: [{ size: 5, jump: 1, start: -2 }, { size: 5 }] });
  expect(first.filter).toMatchObject({ channels: 1, height: 5, width: 5 });
  const dense = await unitHandlers.details({ ...of('Net1', 'fc1'), unit: 2 }, context);
  expect(dense).toMatchObject({ geometry: { height: 1, width: 1, field: { kind: 'whole' } }, filter: null });
});

it('a distribution has the statistics of the maps it is made of', async () => {
  const units = [
    { network: 'Net1', unit: 1 },
    { network: 'Net2', unit: 8 },
  ];
  const found = await unitHandlers.distribution({ runId: run.id, layer: 'conv3', units }, context);
  expect(found).toMatchObject({ images: limit, ofImages: limit, source: 'run' });
  const images = Array.from({ length: limit }, (_, at) => at);
  for (const [index, { network, unit }] of units.entries()) {
    const { maps } = await unitHandlers.maps({ ...of(network, 'conv3'), looks: [{ unit, images }] }, context);
    const { counts, zeros, total } = found.histograms[index];
    expect(total).toBe(maps[0].length);
    expect(zeros).toBe(maps[0].filter((value) => value === 0).length);
    const bin = (found.high - found.low) / counts.length;
    const inBin = (at: number) =>
      maps[0].filter(
        (value) => value !== 0 && Math.min(counts.length - 1, Math.floor((value - found.low) / bin)) === at,
      ).length;
    expect([...counts]).toEqual(Array.from(counts, (_, at) => inBin(at)));
  }
  expect(found.points?.x).toHaveLength(2000);
  const one = await unitHandlers.distribution(
    { runId: run.id, layer: 'fc1', units: units.slice(0, 1) },
    context,
  );
  expect([one.histograms.length, one.points]).toEqual([1, null]);
});

it('partners are those of the stored matching, from either side', async () => {
  const matching = run.results.find(
    ({ analysis, a, b }) => analysis === 'matching' && a.layer === 'conv3' && a.network !== b.network,
  )!;
  const read = async (name: string) => (await database.methods.array(matching.id, name)).data;
  const [match, value, semi] = await Promise.all(['match', 'match-value', 'semi'].map(read));
  const forward = await unitHandlers.partners({ ...of('Net1', 'conv3'), unit: 6 }, context);
  expect(forward.partners).toEqual([
    {
      network: 'Net2',
      match: match[6],
      matchValue: value[6],
      semi: semi[6],
      semiValue: expect.any(Number) as number,
    },
  ]);
  const back = await unitHandlers.partners({ ...of('Net2', 'conv3'), unit: match[6] }, context);
  expect(back.partners[0]).toMatchObject({ network: 'Net1', match: 6, matchValue: value[6] });
});

describe('files that are elsewhere', () => {
  it('are found by their bytes, beside the project or where they were seen', async () => {
    const elsewhere = temporaryFolder();
    // The newest results of an open project are in its -wal.
    for (const end of ['', '-wal'])
      copyFileSync(join(folder, `units.consilience${end}`), join(elsewhere, `copy.consilience${end}`));
    const copy = await openDatabase(join(elsewhere, 'copy.consilience'), 'open');
    try {
      // The copy remembers where the files were read.
      const first = await unitHandlers.inputs({ runId: run.id, images: [0] }, contextOf(copy));
      expect(first.images).toEqual(Int32Array.of(0));
    } finally {
      await copy.close();
    }
  });

  it('that are gone or changed are named with the remedy; what the project keeps still shows', async () => {
    const data = join(folder, 'digits.npz');
    const original = join(temporaryFolder(), 'digits.npz');
    copyFileSync(data, original);
    rmSync(data);
    const ask = () => unitHandlers.inputs({ runId: run.id, images: [0] }, context);
    await expect(ask()).rejects.toMatchObject({
      code: 'not-available',
      message:
        'digits.npz, the data of this run, is no longer where it was read. Put the original back, or beside the project file, to see what needs it.',
    });
    writeFileSync(data, 'something else');
    await expect(ask()).rejects.toThrow('digits.npz, the data of this run, has changed since.');
    const { inputs } = await unitHandlers.topInputs({ ...of('Net1', 'conv1'), units: [0] }, context);
    expect(inputs?.images.length).toBeGreaterThan(0);
    copyFileSync(original, data);
    expect((await ask()).rows).toBe(28);
    rmSync(join(folder, 'net2.onnx'));
    await expect(unitHandlers.details({ ...of('Net2', 'conv1'), unit: 0 }, context)).rejects.toThrow(
      'net2.onnx, the model of Net2, is no longer where it was read.',
    );
  });

  it('never tell a path to the window', async () => {
    const asked = Promise.resolve(unitHandlers.details({ ...of('Net2', 'conv1'), unit: 0 }, context));
    const failure = await asked.then(
      () => null,
      (error: unknown) => error as { message: string; details: unknown },
    );
    expect(JSON.stringify([failure?.message, failure?.details])).not.toContain(folder);
  });
});
