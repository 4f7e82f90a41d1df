import type { JobRecord } from '#core/domain/job.ts';
import { inserts, listQueries } from './queries.ts';
import type { Sql } from './sql.ts';

interface JobRow {
  job_id: string;
  title: string;
  state: JobRecord['state'];
  created_at: string;
  started_at: string | null;
  finished_at: string;
  paused_ms: number;
  run_id: string | null;
  error: string | null;
  log: string;
  request: string | null;
}

/** The same id again replaces the job. */
export function putJob(sql: Sql, job: JobRecord): void {
  const { id, title, state, createdAt, startedAt, finishedAt, pausedMs, runId } = job;
  const error = job.error && JSON.stringify(job.error);
  const log = JSON.stringify(job.log);
  const request = job.request && JSON.stringify(job.request);
  sql.write(() => {
    sql.run(
      inserts.job,
      ...[id, title, state, createdAt, startedAt, finishedAt, pausedMs, runId, error, log, request],
    );
  });
}

/** Newest first. */
export function listJobs(sql: Sql): JobRecord[] {
  return sql.all<JobRow>(listQueries.jobs).map((row) => ({
    id: row.job_id,
    title: row.title,
    state: row.state,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    pausedMs: row.paused_ms,
    runId: row.run_id,
    error: row.error === null ? null : (JSON.parse(row.error) as JobRecord['error']),
    log: JSON.parse(row.log) as JobRecord['log'],
    request: row.request === null ? null : (JSON.parse(row.request) as JobRecord['request']),
  }));
}
