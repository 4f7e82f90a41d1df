import type { CaptureSummary, PassTimings } from '#core/ipc/engine.ts';

/** One capture, or shard, of what several passes took of the same data; the last one's file holds the arrays of all. */
export function joinedPasses<Summary extends CaptureSummary>(summaries: readonly Summary[]): Summary {
  const last = summaries[summaries.length - 1];
  const timings = { ...last.timings };
  for (const summary of summaries.slice(0, -1))
    for (const key of Object.keys(timings) as (keyof PassTimings)[]) timings[key] += summary.timings[key];
  return { ...last, layers: summaries.flatMap(({ layers }) => layers), timings };
}
