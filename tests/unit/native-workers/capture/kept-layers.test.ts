import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { SecondPassRequest } from '#core/ipc/engine.ts';
import type { DataPass } from '#workers/capture/data-pass.ts';
import { keptLayers, requireDisk } from '#workers/capture/kept-layers.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const sums = { pairs: [[0, 1]] as [number, number][], bins: 10 };
const free = 2 ** 40;
const units = [
  [64, 64],
  [1600, 1600],
  [800, 800],
];

it('keeps the codes of the fewest, largest layers whose counts do not fit', () => {
  expect([...keptLayers(units, sums, undefined, free)]).toEqual([1]);
  expect([...keptLayers(units, sums, 2 ** 32, free)]).toEqual([1]);
  expect([...keptLayers(units, sums, 2 ** 28, free)]).toEqual([1, 2]);
  expect([...keptLayers(units, sums, 1, free)]).toEqual([1, 2, 0]);
  expect([...keptLayers(units, sums, undefined, 2 ** 20)]).toEqual([1, 2, 0]);
  expect([...keptLayers([[800, 800]], sums, undefined, free)]).toEqual([]);
  // Halves are counted too: half as much again.
  expect([...keptLayers([[1500, 1500]], sums, undefined, free)]).toEqual([]);
  expect([...keptLayers([[1500, 1500]], { ...sums, hasHalves: true }, undefined, free)]).toEqual([0]);
});

it('is refused where the disk has no room for them, with what it needs', () => {
  const request = {
    outFile: join(temporaryFolder(), 'second.arrays'),
    capture: { layers: [{ units: [8192, 8192] }] },
  } as unknown as SecondPassRequest;
  const pass = (samples: number) => ({ trainSamples: () => samples }) as unknown as DataPass;
  expect(() => requireDisk(request, pass(10), new Set([0]))).not.toThrow();
  expect(() => requireDisk(request, pass(2 ** 40), new Set())).not.toThrow();
  expect(() => requireDisk(request, pass(2 ** 30), new Set([0]))).toThrow(
    /keeps 8192 GiB of bins in .*; free some of it, or use fewer positions/,
  );
});
