import type { ClusterStage } from '#core/domain/cluster.ts';
import type { ProviderName } from '#core/domain/provider.ts';
import type { JobPlan } from './job-folder.ts';

export interface Resources {
  partition?: string;
  account?: string;
  time?: string;
  mem?: string;
  threads: number;
  gpus?: number;
  provider?: ProviderName;
}

/** How often a task that failed goes back into the queue. */
const mostRestarts = 2;

/**
 * The batch script of a stage: plain bash that a person may change before it is submitted again.
 *
 * @param command how Consilience is started on a node: a program and its first arguments
 */
export function scriptOf(
  stage: ClusterStage,
  plan: JobPlan,
  resources: Resources,
  command: readonly string[],
): string {
  const isArray = stage === 'first' || stage === 'second';
  const lines = [
    '#!/bin/bash',
    `# ${titles[stage]}. Written by consilience slurm; change what your cluster needs.`,
    ...directives(stage, resources).map((directive) => `#SBATCH ${directive}`),
    '',
    `consilience=(${command.map(quoted).join(' ')})`,
    `recipe=${quoted(plan.recipe)}`,
    `project=${quoted(plan.project)}`,
    'threads="${SLURM_CPUS_PER_TASK:-1}"',
    '',
    'status=0',
    ...(isArray ? shardCommand(stage, plan, resources) : mergeCommand(stage, plan)),
    '',
    ...(isArray ? requeueLines : []),
    'exit "$status"',
  ];
  return `${lines.join('\n')}\n`;
}

const titles: Record<ClusterStage, string> = {
  first: 'First pass over the data, one shard a task',
  merge: 'Merge of the first pass',
  second: 'Second pass over the data, one shard a task',
  finish: 'Merge of the second pass, and the analyses',
};

function directives(
  stage: ClusterStage,
  { partition, account, time, mem, threads, gpus }: Resources,
): string[] {
  const isArray = stage === 'first' || stage === 'second';
  return [
    `--job-name=consilience-${stage}`,
    `--output=logs/${isArray ? `${stage}-%a` : stage}.log`,
    '--open-mode=append',
    '--requeue',
    '--ntasks=1',
    `--cpus-per-task=${threads}`,
    ...(partition ? [`--partition=${partition}`] : []),
    ...(account ? [`--account=${account}`] : []),
    ...(time ? [`--time=${time}`] : []),
    ...(mem ? [`--mem=${mem}`] : []),
    ...(gpus && isArray ? [`--gpus=${gpus}`] : []),
  ];
}

function shardCommand(stage: ClusterStage, { shards }: JobPlan, { provider }: Resources): string[] {
  return [
    `"\${consilience[@]}" shard "$recipe" --index "$SLURM_ARRAY_TASK_ID" --of ${shards} \\`,
    `  --out "shards/${stage}-$SLURM_ARRAY_TASK_ID.shard" --threads "$threads"` +
      (stage === 'second' ? ' --second shards/second.start' : '') +
      (provider ? ` --provider ${provider}` : '') +
      ' || status=$?',
  ];
}

function mergeCommand(stage: ClusterStage, { shards, stages }: JobPlan): string[] {
  const from = stage === 'finish' ? 'second' : 'first';
  const merge = `"\${consilience[@]}" merge shards/${from}-{1..${shards}}.shard --project "$project" --threads "$threads"`;
  if (stage !== stages.at(-1)) return [`${merge} \\`, '  --second shards/second.start || status=$?'];
  return [`${merge} --json \\`, '  > result.json.part && mv result.json.part result.json || status=$?'];
}

/** A wrong request (2) fails again; anything else may have been the machine: Slurm puts the task back. */
const requeueLines = [
  `if [ "$status" -ne 0 ] && [ "$status" -ne 2 ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${mostRestarts} ]; then`,
  '  echo "Ended with status $status; Slurm puts this task back into the queue."',
  '  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && sleep 60',
  'fi',
];

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
