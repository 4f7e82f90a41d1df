/** When the last of these tasks ends if every thread that is free takes the next in the list. */
export function makespan(seconds: readonly number[], threads: number): number {
  const free = new Float64Array(Math.max(1, threads));
  for (const task of seconds) {
    let earliest = 0;
    for (let thread = 1; thread < free.length; thread++) if (free[thread] < free[earliest]) earliest = thread;
    free[earliest] += task;
  }
  return Math.max(...free);
}

/**
 * When tasks end on threads whose linear algebra divides some of its work among all cores: not before each thread has
 * done its tasks with the help of idle cores, and not before the cores have done all there is.
 *
 * @param slowdown of work that keeps all cores busy
 */
export function makespanOnCores(
  tasks: readonly { seconds: number; dividedSeconds: number }[],
  threads: number,
  cores: number,
  slowdown: number,
): number {
  const alone = tasks.map(({ seconds, dividedSeconds }) => seconds - dividedSeconds + dividedSeconds / cores);
  const all = tasks.reduce((sum, { seconds }) => sum + seconds, 0);
  return Math.max(makespan(alone, threads), (slowdown * all) / cores);
}

/** A line through two measurements of work against its size; never falling, never below 0 at size 0. */
export function lineThrough(
  low: { size: number; value: number },
  high: { size: number; value: number },
): { base: number; slope: number } {
  if (high.size <= low.size) return { base: 0, slope: high.value / Math.max(1, high.size) };
  const slope = Math.max(0, (high.value - low.value) / (high.size - low.size));
  const base = Math.max(0, high.value - slope * high.size);
  return { base, slope: (high.value - base) / high.size };
}
