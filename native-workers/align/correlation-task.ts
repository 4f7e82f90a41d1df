import { correlationBlock, deadIn } from './correlation-block.ts';
import { bandedMatrix, type AlignInput, type AlignOutput, type UnitRange } from './task.ts';

/** Correlations between and within the two networks (methods section 1), of the training fold. */
export function correlationTask({ a, b, train, test }: AlignInput<'correlation'>): AlignOutput {
  const block = (name: string, rows: UnitRange, cols: UnitRange) =>
    bandedMatrix(name, 'float64', { rows: rows.count, cols: cols.count }, (first, count) =>
      correlationBlock(train, { start: rows.start + first, count }, cols),
    );
  const deadCount = (range: UnitRange) => deadIn(train, range).reduce((total, flag) => total + flag, 0);
  return {
    headline: {
      samples: train.n,
      testSamples: test?.n ?? 0,
      unitsA: a.count,
      unitsB: b.count,
      deadA: deadCount(a),
      deadB: deadCount(b),
    },
    arrays: [block('between', a, b), block('within-a', a, a), block('within-b', b, b)],
  };
}
