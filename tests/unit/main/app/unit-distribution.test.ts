import { describe, expect, it } from 'vitest';
import type { ProjectRun } from '#core/domain/project.ts';
import type { SampleRule } from '#core/domain/recipe.ts';
import { randomPositions } from '#core/domain/unit-place.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { samplesOfMaps, unitDistribution } from '#main/app/unit-distribution.ts';

describe('samples that the project keeps', () => {
  const units = [700, 5];
  const [rows, cols] = [900, 705];
  const side = 512;
  const cell = (row: number, col: number) => col + row / 1024;
  const database = {
    captureOfRun: async () => 'capture',
    capture: async () => ({
      images: 2000,
      layers: [
        {
          ...{
            name: 'conv',
            sample: { kind: 'position' },
            units,
            samples: 6000,
            testSamples: 0,
            positions: 4,
          },
          ...{ blocks: [], shuffles: 0, sampleRows: rows, edgeSamples: 0 },
        },
      ],
    }),
    captureTile: async (_id: string, name: string, level: number, row: number, col: number) => {
      expect([name, level]).toEqual(['0/train/sample', 0]);
      const size = { rows: Math.min(side, rows - row * side), cols: Math.min(side, cols - col * side) };
      const values = Float32Array.from({ length: size.rows * size.cols }, (_, at) =>
        cell(row * side + Math.floor(at / size.cols), col * side + (at % size.cols)),
      );
      return { ...size, values };
    },
  } as unknown as DatabaseMethods;
  const run = {
    networks: [{ name: 'A' }, { name: 'B' }],
    layers: [{ name: 'conv' }],
  } as unknown as ProjectRun;
  const ask = (asked: { network: string; unit: number }[]) =>
    unitDistribution({ run } as never, 'conv', asked, { database, engine: {} as never });

  it('are the columns of the units, over tiles, the same samples for both', async () => {
    const found = await ask([
      { network: 'A', unit: 600 },
      { network: 'B', unit: 3 },
    ]);
    expect(found).toMatchObject({ source: 'kept', ofImages: 2000, low: 600 });
    expect(found.points?.x).toEqual(Float32Array.from({ length: rows }, (_, row) => cell(row, 600)));
    expect(found.points?.y).toEqual(Float32Array.from({ length: rows }, (_, row) => cell(row, 703)));
    expect(found.high).toBe(cell(rows - 1, 703));
  });

  it('of a unit that is not there are refused', async () => {
    await expect(ask([{ network: 'B', unit: 5 }])).rejects.toThrow('conv of B has 5 units');
  });
});

describe('samples of maps', () => {
  const plane = 6;
  const images = [11, 4];
  const values = Float32Array.from({ length: 12 }, (_, at) => at);
  const of = (rule: SampleRule, unit = 0) => [
    ...samplesOfMaps(rule, unit, images, { height: 2, width: 3, values: [values] }),
  ];

  it('are what the rule of the layer takes', () => {
    expect(of({ kind: 'position' })).toEqual([...values]);
    expect(of({ kind: 'image-mean' })).toEqual([2.5, 8.5]);
    expect(of({ kind: 'image-max' })).toEqual([5, 11]);
    expect(of({ kind: 'centre' })).toEqual([4, 10]);
    expect(of({ kind: 'flatten' }, 8)).toEqual([2, 8]);
    const rule = { kind: 'random', count: 2, seed: 5 } as const;
    const places = images.flatMap((image, at) =>
      randomPositions(rule, image, plane).map((place) => at * plane + place),
    );
    expect(of(rule)).toEqual(places);
  });
});
