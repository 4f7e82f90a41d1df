import type { JobInfo, JobStage } from '#core/domain/job.ts';

const stageWords: Record<JobStage, string> = {
  starting: 'Starting the engine',
  checking: 'Checking inputs',
  capturing: 'Reading activations',
  counting: 'Counting values',
  analysing: 'Aligning',
  storing: 'Storing',
  finished: 'Done',
};
const plainIntervalMs = Number(process.env.CONSILIENCE_PROGRESS_MS ?? 5000);

/**
 * Progress on standard error: one line that is rewritten on a terminal, plain lines (a stage's start, then one every
 * five seconds, or as often as `CONSILIENCE_PROGRESS_MS` says) elsewhere.
 */
export function progressLine(stream: NodeJS.WriteStream = process.stderr): {
  update(job: Pick<JobInfo, 'state' | 'progress' | 'notes'>): void;
  end(): void;
} {
  let lastStage = '';
  let lastPlain = 0;
  let isOpen = false;
  let notes = 0;
  const clear = () => {
    if (isOpen) stream.write('\r\u001b[K');
    isOpen = false;
  };
  return {
    update(job) {
      for (const note of job.notes.slice(notes)) {
        clear();
        stream.write(`note: ${note}\n`);
      }
      notes = job.notes.length;
      if (job.state !== 'running') return;
      const text = textOf(job);
      if (stream.isTTY) {
        stream.write(`\r\u001b[K${text}`);
        isOpen = true;
      } else if (job.progress.stage !== lastStage || Date.now() - lastPlain > plainIntervalMs) {
        lastPlain = Date.now();
        stream.write(`${text}\n`);
      }
      lastStage = job.progress.stage;
    },
    end: clear,
  };
}

function textOf({ progress }: Pick<JobInfo, 'progress'>): string {
  const { stage, done, total, unit, rate, secondsLeft } = progress;
  const parts = [stageWords[stage]];
  if (total > 0)
    parts.push(`${done} of ${total}${unit && ` ${unit}`} (${Math.floor((100 * done) / total)} %)`);
  if (rate > 0) parts.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)} ${unit}/s`);
  if (secondsLeft !== null && done < total) parts.push(`${Math.ceil(secondsLeft)} s left`);
  return parts.join(', ');
}
