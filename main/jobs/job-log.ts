import type { JobLogEntry } from '#core/domain/job.ts';

/** More would be no log that a person reads. */
const maximumEntries = 400;

/** The log with a sentence added. */
export function withEntry(
  log: readonly JobLogEntry[],
  text: string,
  kind: JobLogEntry['kind'] = 'step',
): JobLogEntry[] {
  if (log.length >= maximumEntries) return [...log];
  return [...log, { at: new Date().toISOString(), text, kind }];
}

/** "0.4 s", "12 s", "3 min 5 s", "2 h 10 min": how long something took, for the log. */
export function tookWords(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds < 0.095 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
