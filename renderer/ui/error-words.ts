import type { ErrorCode } from '#core/errors.ts';

const safe: Partial<Record<ErrorCode, string>> = {
  'bad-project': 'The file was left as it is.',
  'project-newer': 'The file was left as it is. A newer Consilience can open it.',
  'engine-failed': 'The project file is intact, and every result stored so far is kept.',
  'run-failed': 'The project file is intact, and every result stored so far is kept.',
  storage: 'What was stored before is kept; nothing is half-written.',
  cancelled: 'Every result stored so far is kept.',
  internal: 'This is a fault of the program, not of your data. The project file is unchanged.',
};

/** What a person need not worry about after a failure of this kind. */
export function safetyNote(code: ErrorCode): string {
  return safe[code] ?? 'Nothing was changed.';
}
