import type { Result } from '#core/result.ts';
import type { Session } from '../../app/session.svelte.ts';
import { sayFailed } from '../../ui/notice.ts';

/** What a person may do with a job; what main refuses is said. */
export function jobActions({ jobs }: Session) {
  const saying =
    <A extends unknown[]>(ask: (...args: A) => Promise<Result<unknown>>) =>
    async (...args: A): Promise<void> => {
      const answer = await ask(...args);
      if (!answer.ok) sayFailed(answer.error.message);
    };
  return {
    pause: saying((id: string) => jobs.pause(id)),
    resume: saying((id: string) => jobs.resume(id)),
    cancel: saying((id: string) => jobs.cancel(id)),
    retry: saying((id: string) => jobs.retry(id)),
    move: saying((id: string, to: 'first' | 'earlier' | 'later' | 'last') => jobs.move(id, to)),
  };
}

/** What became of a job whose program ended before it did. */
export function interruptedWords(canResume: boolean): string {
  return canResume
    ? 'The program ended before this run did. What was computed is kept; Resume goes on from there.'
    : 'The program ended before this run did; a later job took it up.';
}
