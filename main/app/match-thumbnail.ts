import type { ProjectSummary, RecentProject } from '#core/domain/project.ts';
import { headlineNumber } from '#core/domain/result.ts';

/** Mean semi-match and match per layer over all network pairs of the newest run: Figure 4 of a project at a glance. */
export function matchThumbnail(summary: ProjectSummary): RecentProject['thumbnail'] {
  const run = summary.runs[0];
  if (!run) return [];
  return run.layers.flatMap(({ name }) => {
    const headlines = run.results
      .filter(
        (result) => result.analysis === 'matching' && result.a.layer === name && result.b.layer === name,
      )
      .map((result) => result.headline);
    if (headlines.length === 0) return [];
    const mean = (key: string) =>
      headlines.reduce((sum, line) => sum + (headlineNumber(line, key) ?? 0), 0) / headlines.length;
    return [{ layer: name, semiMean: mean('semiMean'), matchMean: mean('matchMean') }];
  });
}
