import { createJointMoments, jointMomentsByteLength } from '#core/numeric/moments/joint-moments.ts';
import type { SharedMoments } from '#workers/align/task.ts';

/** Moments of rows of samples, two passes; both triangles. */
export function sharedMomentsOf(rows: number[][]): SharedMoments {
  const units = rows[0].length;
  const buffer = new SharedArrayBuffer(jointMomentsByteLength(units));
  const { mean, m2 } = createJointMoments(units, buffer, rows.length);
  for (let i = 0; i < units; i++) mean[i] = rows.reduce((sum, row) => sum + row[i], 0) / rows.length;
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < units; j++) {
      m2[i * units + j] = rows.reduce((sum, row) => sum + (row[i] - mean[i]) * (row[j] - mean[j]), 0);
    }
  }
  const dead = Uint8Array.from(mean, (_, i) => (rows.every((row) => row[i] === rows[0][i]) ? 1 : 0));
  return { n: rows.length, units, buffer, dead };
}
