import { describe, expect, it } from 'vitest';
import { analysisCosts } from '#core/estimate/analysis-costs.ts';
import { costAt, costExponent, shareAt } from '#core/estimate/cost-curve.ts';
import { lineThrough, makespan, makespanOnCores } from '#core/estimate/makespan.ts';
import { taskCost, type TaskSize } from '#core/estimate/task-cost.ts';
import { analysisNames, subspaceMethods } from '#core/domain/recipe.ts';
import { resolveAnalysis } from '#core/domain/resolve-analysis.ts';

const analysis = (entry: unknown) =>
  resolveAnalysis(entry, 'analyses[0]', (field, what) => {
    throw new Error(`${field} ${what}`);
  });
const pair = (units: number, groups = 20) => ({
  ...{ units: [units, units], joint: 2 * units },
  ...{ layers: 4, groups },
});
const subspaces = (methods: readonly string[], size: TaskSize) =>
  taskCost(analysis({ subspaces: { methods } }), size);

describe('a cost curve', () => {
  const cubic = [10, 20, 40].map((size) => ({ size, value: 2 * size ** 3 }));

  it('gives measured sizes as measured, and a power law between and beyond them', () => {
    expect(costAt(cubic, 20)).toBeCloseTo(16_000, 6);
    expect(costAt(cubic, 30)).toBeCloseTo(54_000, 6);
    expect(costAt(cubic, 100)).toBeCloseTo(2_000_000, 3);
    expect(costExponent(cubic)).toBeCloseTo(3, 12);
  });

  it('costs no less than its first size, and nothing where nothing was measured', () => {
    expect(costAt(cubic, 1)).toBe(2000);
    expect(costAt([], 100)).toBe(0);
    const noisy = [0, 0, 6, 20].map((value, at) => ({ size: 64 * 2 ** at, value }));
    expect(costAt(noisy, 1024, { least: 1, steepest: 2 })).toBeCloseTo(80, 9);
  });

  it('of shares goes straight between measured sizes and stays beyond them', () => {
    const shares = [
      { size: 100, value: 0.2 },
      { size: 400, value: 0.8 },
    ];
    expect([10, 100, 200, 400, 9999].map((size) => shareAt(shares, size))).toEqual([
      ...[0.2, 0.2, expect.closeTo(0.5, 12), 0.8, 0.8],
    ]);
    expect(shareAt([], 100)).toBe(0);
  });
});

describe('the time of tasks on threads', () => {
  it('is that of the busiest thread', () => {
    expect(makespan([3, 1, 1, 1], 2)).toBe(3);
    expect(makespan([1, 1, 3], 2)).toBe(4);
    expect(makespan([], 2)).toBe(0);
    expect(makespan([2, 2], 8)).toBe(2);
  });

  it('is less where the library divides the work of one among idle cores, and never less than the cores need', () => {
    const [whole, divided] = [
      { seconds: 8, dividedSeconds: 0 },
      { seconds: 8, dividedSeconds: 6 },
    ];
    expect(makespanOnCores([whole], 2, 2, 1.25)).toBe(8);
    expect(makespanOnCores([divided], 2, 2, 1.25)).toBe(5);
    expect(makespanOnCores([divided], 1, 4, 1.25)).toBe(3.5);
    expect(makespanOnCores([divided, divided, divided], 2, 2, 1.25)).toBe(15);
    expect(makespanOnCores([whole, divided], 2, 2, 1)).toBe(8);
    expect(makespanOnCores([], 2, 2, 1.25)).toBe(0);
  });
});

describe('a line through two passes', () => {
  it('tells what is paid once from what every image costs', () => {
    expect(lineThrough({ size: 100, value: 1.5 }, { size: 400, value: 3 })).toEqual({
      base: 1,
      slope: 0.005,
    });
  });

  it('never falls, and goes through the larger measurement', () => {
    const { base, slope } = lineThrough({ size: 100, value: 2 }, { size: 400, value: 1 });
    expect(base + 400 * slope).toBeCloseTo(1, 12);
    expect(slope).toBeGreaterThanOrEqual(0);
    expect(lineThrough({ size: 64, value: 1 }, { size: 64, value: 3.2 })).toEqual({ base: 0, slope: 0.05 });
  });
});

describe('the cost of a result', () => {
  it('is known for every analysis, and never falls with the units', () => {
    for (const name of analysisNames) {
      expect(analysisCosts[name].length, name).toBeGreaterThan(3);
      const [small, large] = [taskCost(analysis(name), pair(64)), taskCost(analysis(name), pair(256))];
      expect(large.seconds, name).toBeGreaterThanOrEqual(small.seconds);
      expect(large.bytes, name).toBeGreaterThanOrEqual(small.bytes);
    }
  });

  it('of methods on samples is hardly one of units', () => {
    const seconds = (methods: string[], units: number) => subspaces(methods, pair(units)).seconds;
    for (const method of ['rbf-cka', 'rsa']) {
      const added = (units: number) => seconds(['cka', method], units) - seconds(['cka'], units);
      expect(added(16), method).toBeGreaterThan(10 * seconds(['cka'], 16));
      expect(added(64) / added(16), method).toBeLessThan(3);
    }
  });

  it('of layers far wider than any measured stays within reason', () => {
    for (const name of analysisNames) {
      const { workBytes, seconds } = taskCost(analysis(name), pair(8192));
      expect(workBytes, name).toBeLessThan(300 * 2 ** 30);
      expect(seconds, name).toBeLessThan(3e6);
    }
  });

  it('follows the options that multiply it', () => {
    const alphas = (count: number) =>
      taskCost(
        analysis({ 'sparse-mapping': { alphas: Array.from({ length: count }, (_, at) => 1 / (at + 1)) } }),
        pair(64),
      );
    expect(alphas(12).seconds / alphas(6).seconds).toBeCloseTo(2, 12);
    const rotations = (count: number) => taskCost(analysis({ code: { rotations: count } }), pair(64)).seconds;
    expect(rotations(30) / rotations(10)).toBeCloseTo(2.6, 12);
    const networks = (count: number) =>
      taskCost(analysis('many-networks'), { ...pair(64), units: Array<number>(count).fill(64) }).seconds;
    expect(networks(5) / networks(4)).toBeCloseTo(10 / 6, 12);
  });
});

describe('the cost of methods of subspaces', () => {
  const usual = subspaceMethods.filter((method) => method !== 'rbf-cka' && method !== 'rsa');
  const sizes = [16, 50, 64, 200, 512, 700, 1024, 2048, 3000, 4096, 8192];

  it('is less for one than for all, and a cheap one costs a small part of all', () => {
    for (const units of sizes) {
      for (const groups of [0, 20]) {
        const size = pair(units, groups);
        const all = subspaces(usual, size);
        for (const method of usual) {
          const one = subspaces([method], size);
          expect(one.seconds, `${method} of ${units}`).toBeLessThan(all.seconds);
          expect(one.workBytes, `${method} of ${units}`).toBeLessThanOrEqual(all.workBytes);
        }
      }
    }
    expect(subspaces(['cka'], pair(4096)).seconds).toBeLessThan(0.5 * subspaces(['cca'], pair(4096)).seconds);
    expect(subspaces(['cka'], pair(4096)).seconds).toBeLessThan(0.1 * subspaces(usual, pair(4096)).seconds);
  });

  it('counts work that methods share once', () => {
    const seconds = (methods: string[]) => subspaces(methods, pair(300, 0)).seconds;
    expect(seconds(['cca', 'pwcca'])).toBe(seconds(['pwcca']));
    expect(seconds(['cca', 'pwcca', 'shared-dimensions'])).toBe(seconds(['shared-dimensions']));
    expect(seconds(['svcca', 'principal-angles'])).toBe(seconds(['svcca']));
    expect(seconds(['cka', 'dimensionality', 'soft-matching'])).toBe(seconds(['cka']));
    expect(seconds(['cca', 'cka'])).toBeGreaterThan(seconds(['cca']));
    const allButOne = usual.filter((method) => method !== 'procrustes');
    expect(seconds(allButOne)).toBeLessThanOrEqual(seconds(usual));
  });

  it('includes standard errors up to the width that has them, where there are groups of images', () => {
    const added = (method: string, units: number, groups: number) =>
      subspaces([method], pair(units, groups)).seconds / subspaces([method], pair(units, 0)).seconds;
    for (const method of ['cka', 'cca', 'procrustes']) {
      expect(added(method, 512, 20), method).toBeGreaterThan(3);
      expect(added(method, 513, 20), method).toBe(1);
      expect(added(method, 512, 1), method).toBe(1);
    }
    expect(added('cca', 200, 20)).toBeGreaterThan(20);
    expect(added('cca', 200, 10)).toBeLessThan(added('cca', 200, 20));
    // Groups hold the moments of all networks.
    const ofSix = { ...pair(200), joint: 6 * 200 };
    expect(subspaces(['cka'], ofSix).seconds).toBeGreaterThan(3 * subspaces(['cka'], pair(200)).seconds);
  });

  it('never falls with the units, beyond what is measured too', () => {
    for (const method of subspaceMethods) {
      const costs = sizes.map((units) => subspaces([method], pair(units, 0)));
      for (const what of ['seconds', 'workBytes'] as const) {
        const values = costs.map((cost) => cost[what]);
        expect(values, `${what} of ${method}`).toEqual([...values].sort((one, other) => one - other));
      }
    }
  });

  it('of sides of different width lies between those of either', () => {
    const seconds = (units: number[]) =>
      subspaces(['cca'], { ...pair(0, 0), units, joint: units[0] + units[1] }).seconds;
    expect(seconds([64, 512])).toBeGreaterThan(seconds([64, 64]));
    expect(seconds([64, 512])).toBeLessThan(seconds([512, 512]));
    expect(seconds([64, 512])).toBe(seconds([512, 64]));
  });
});

describe('the cost of spectral clusters', () => {
  it('includes resamples where there are groups of images, up to the graph that has them', () => {
    const cost = (units: number, groups: number) =>
      taskCost(analysis('spectral-clusters'), pair(units, groups));
    expect(cost(1024, 20).seconds).toBeGreaterThan(1.5 * cost(1024, 0).seconds);
    expect(cost(4097, 20)).toEqual(cost(4097, 0));
  });

  it('grows with the clusters of all cuts', () => {
    const seconds = (k: number[]) => taskCost(analysis({ 'spectral-clusters': { k } }), pair(256)).seconds;
    expect(seconds([30]) / seconds([12])).toBeCloseTo(2, 12);
    expect(seconds([4, 8])).toBe(seconds([12]));
  });
});
