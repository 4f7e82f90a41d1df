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
