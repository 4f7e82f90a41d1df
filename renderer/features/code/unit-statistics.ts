import type { ProjectRun } from '#core/domain/project.ts';
import type { UnitStatistics } from '#core/domain/result.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { Result } from '#core/result.ts';

export interface NetworkStatistics {
  network: string;
  /** Place in the run: colour and shape. */
  index: number;
  statistics: UnitStatistics;
}

/** Statistics of every network at the layer, through any stored pair that it is part of. */
export async function statisticsAt(
  client: Client,
  run: ProjectRun,
  layer: string,
): Promise<Result<NetworkStatistics[]>> {
  const pairs = run.results.filter(
    ({ analysis, a, b, params }) =>
      a.layer === layer && b.layer === layer && analysis === 'correlation' && !Array.isArray(params.networks),
  );
  const found = new Map<string, UnitStatistics>();
  for (const { id, a, b } of pairs) {
    if (found.has(a.network) && found.has(b.network)) continue;
    const answer = await client.result.units({ resultId: id });
    if (!answer.ok) return answer;
    found.set(a.network, answer.value.a).set(b.network, answer.value.b);
  }
  const value = run.networks.flatMap(({ name }, index) => {
    const statistics = found.get(name);
    return statistics ? [{ network: name, index, statistics }] : [];
  });
  return { ok: true, value };
}
