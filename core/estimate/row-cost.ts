import { analysisCosts, type CostPoint } from './analysis-costs.ts';
import { costAt, shareAt } from './cost-curve.ts';

export interface TaskCost {
  /** Processor time on the reference machine. */
  seconds: number;
  /** Of them, what the linear algebra's library divides among all cores. */
  dividedSeconds: number;
  bytes: number;
  workBytes: number;
}

export const noCost: TaskCost = { seconds: 0, dividedSeconds: 0, bytes: 0, workBytes: 0 };

/**
 * Memory at work grows with matrices of units at most, and time with decompositions of them: what a few sizes of a noisy
 * measurement say beyond that is not believed. Less than 16 MiB or 10 microseconds is within the measurement's noise.
 */
const bounds = {
  seconds: { least: 1e-5, steepest: 3.5 },
  bytes: { least: 1, steepest: 2 },
  workMiB: { least: 16, steepest: 2 },
};

/** Cost by one row of the measured table; time and stored bytes grow by the factor. */
export function rowCost(name: keyof typeof analysisCosts, units: number, factor = 1): TaskCost {
  const table: readonly CostPoint[] = analysisCosts[name];
  const points = (what: keyof typeof bounds | 'divided') =>
    table.map((point) => ({ size: point.units, value: point[what] }));
  const curve = (what: keyof typeof bounds) => costAt(points(what), units, bounds[what]);
  const seconds = factor * curve('seconds');
  return {
    seconds,
    dividedSeconds: seconds * shareAt(points('divided'), units),
    bytes: factor * curve('bytes'),
    workBytes: curve('workMiB') * 2 ** 20,
  };
}

/** Parts of one result, one after the other. */
export function together(parts: readonly TaskCost[]): TaskCost {
  const sum = (what: keyof TaskCost) => parts.reduce((total, part) => total + part[what], 0);
  return {
    seconds: sum('seconds'),
    dividedSeconds: sum('dividedSeconds'),
    bytes: sum('bytes'),
    workBytes: Math.max(0, ...parts.map(({ workBytes }) => workBytes)),
  };
}
