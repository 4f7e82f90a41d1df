import type { Client } from '#core/ipc/contract.ts';
import type { ClusterJob, ClusterStage, ClusterStep } from '#core/domain/cluster.ts';
import { formatCount } from '#core/figure/ticks.ts';

/** What runs for the open project on a cluster, as its folder and the queue tell. */
export class Cluster {
  #job = $state.raw<ClusterJob | null>(null);
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  get job(): ClusterJob | null {
    return this.#job;
  }

  async refresh(): Promise<void> {
    const answer = await this.#client.job.cluster({});
    // A folder that cannot be read now can be at the next look.
    if (answer.ok) this.#job = answer.value.cluster;
  }
}

const titles: Record<ClusterStage, string> = {
  first: 'First pass',
  merge: 'Merge',
  second: 'Second pass',
  finish: 'Analyses',
};

export function stepTitle({ stage }: ClusterStep): string {
  return titles[stage];
}

/** "5 of 8 shards · 2 running · 1 waiting". */
export function stepLine({ tasks, done, running, waiting, failed, requeued, waitsFor }: ClusterStep): string {
  const parts = tasks > 1 ? [`${formatCount(done)} of ${formatCount(tasks)} shards`] : [];
  if (tasks === 1 && done === 1) parts.push('done');
  if (running > 0) parts.push(tasks > 1 ? `${formatCount(running)} running` : 'running');
  if (waiting > 0) parts.push(tasks > 1 ? `${formatCount(waiting)} waiting` : 'waiting');
  if (waiting > 0 && waitsFor === 'Dependency') parts.push('for the step before');
  if (failed.length > 0) parts.push(tasks > 1 ? `${formatCount(failed.length)} failed` : 'failed');
  if (requeued > 0) parts.push(`${formatCount(requeued)} tried again`);
  return parts.length > 0 ? parts.join(' · ') : 'not begun';
}
