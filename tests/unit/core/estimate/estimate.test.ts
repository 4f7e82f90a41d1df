import { describe, expect, it } from 'vitest';
import { analysisCosts } from '#core/estimate/analysis-costs.ts';
import { costAt, costExponent } from '#core/estimate/cost-curve.ts';
import { lineThrough, makespan } from '#core/estimate/makespan.ts';
import { taskCost } from '#core/estimate/task-cost.ts';
import { analysisNames } from '#core/domain/recipe.ts';
import { resolveAnalysis } from '#core/domain/resolve-analysis.ts';

const analysis = (entry: unknown) =>
  resolveAnalysis(entry, 'analyses[0]', (field, what) => {
    throw new Error(`${field} ${what}`);
  });
const pair = (units: number) => ({ units: [units, units], layers: 4 });

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
});

describe('the time of tasks on threads', () => {
  it('is that of the busiest thread', () => {
    expect(makespan([3, 1, 1, 1], 2)).toBe(3);
    expect(makespan([1, 1, 3], 2)).toBe(4);
    expect(makespan([], 2)).toBe(0);
    expect(makespan([2, 2], 8)).toBe(2);
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
    const subspaces = (methods: string[], units: number) =>
      taskCost(analysis({ subspaces: { methods } }), pair(units)).seconds;
    for (const method of ['rbf-cka', 'rsa']) {
      const added = (units: number) => subspaces(['cka', method], units) - subspaces(['cka'], units);
      expect(added(16), method).toBeGreaterThan(10 * subspaces(['cka'], 16));
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
    expect(rotations(30) / rotations(10)).toBeCloseTo(3, 12);
    const networks = (count: number) =>
      taskCost(analysis('many-networks'), { units: Array<number>(count).fill(64), layers: 4 }).seconds;
    expect(networks(5) / networks(4)).toBeCloseTo(10 / 6, 12);
  });
});
