import { basename } from 'node:path';
import type { ClusterJob } from '#core/domain/cluster.ts';
import { clusterState } from './cluster-state.ts';
import { hasPlan, jobFolderOf } from './job-folder.ts';
import { createSlurmCommands } from './slurm-commands.ts';

/** The cluster jobs of a project, by the folder beside it; null where there is none. */
export async function projectClusterJob(projectPath: string): Promise<ClusterJob | null> {
  const folder = jobFolderOf(projectPath);
  if (!hasPlan(folder)) return null;
  return { ...(await clusterState(folder, createSlurmCommands())), folder: basename(folder) };
}
