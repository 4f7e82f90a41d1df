import type { ClusterJob, ClusterStage, ClusterStep } from '#core/domain/cluster.ts';
import { spans } from '../check-shards.ts';

const titles: Record<ClusterStage, string> = {
  first: 'First pass',
  merge: 'Merge',
  second: 'Second pass',
  finish: 'Analyses',
};

/** One sentence for every step that has begun, or can. */
export function clusterSentences({ steps }: ClusterJob): string[] {
  const at = steps.findIndex(({ done, tasks }) => done < tasks);
  const shown = at < 0 ? steps : steps.slice(0, at + 1);
  return shown.map(sentenceOf);
}

function sentenceOf(step: ClusterStep): string {
  const { stage, tasks, done, running, waiting, failed, requeued, now, waitsFor } = step;
  const parts = tasks === 1 && done === 1 ? ['done'] : [];
  if (tasks > 1) parts.push(`${done} of ${tasks} shards done`);
  if (running > 0) parts.push(`${running} running${now.length > 0 ? ` (${now[0]})` : ''}`);
  if (waiting > 0) parts.push(`${waiting} waiting${waitingWords(waitsFor)}`);
  if (failed.length > 0) parts.push(`${failed.length} failed`);
  if (requeued > 0) parts.push(`${requeued} put back into the queue`);
  if (parts.length === 0) parts.push('not submitted');
  return `${titles[stage]}: ${parts.join(', ')}`;
}

function waitingWords(reason: string | null): string {
  if (!reason || reason === 'None') return '';
  return reason === 'Dependency' ? ' for the step before' : ` (Slurm: ${reason})`;
}

/** What failed, why, and how to go on. */
export function failureWords({ steps, folder }: ClusterJob): string {
  const step = steps.find(({ failed }) => failed.length > 0);
  if (!step)
    return `The jobs of ${folder} ended without a result; submit the recipe again to go on from what is there.`;
  const [first] = step.failed;
  const shards = step.failed.map(({ index }) => index).filter((index) => index > 0);
  const what =
    shards.length > 0 ? `shard${shards.length > 1 ? 's' : ''} ${spans(shards)} failed` : 'it failed';
  return `${titles[step.stage]}: ${what}. ${first.reason} Logs: ${folder}/logs. Submit the recipe again to go on from what is there.`;
}
