import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { isDivided, libraryCalls } from '../../native-workers/linalg/divided-calls.ts';

/** Counts the processor time of calls, from here on, whose work the library would divide among several cores. */
export function countDivided(algebra: LinearAlgebra): { seconds: number } {
  const divided = { seconds: 0 };
  for (const name of libraryCalls) {
    const call = algebra[name] as (...args: unknown[]) => Promise<unknown>;
    const timed = (...args: unknown[]) => {
      const began = process.threadCpuUsage();
      // The library has done its work when the call returns.
      const answer = call(...args);
      if (isDivided(name, ...(args as number[]))) divided.seconds += threadSeconds(began);
      return answer;
    };
    Object.assign(algebra, { [name]: timed });
  }
  return divided;
}

function threadSeconds(began: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1e6;
}
