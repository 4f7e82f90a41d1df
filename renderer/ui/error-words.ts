import type { ErrorCode, PlainError } from '#core/errors.ts';

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

/** A failed job in the three parts a person asks for. */
export interface FailureWords {
  what: string;
  safe: string;
  todo: string;
}

export function failureWords(error: PlainError | undefined): FailureWords {
  const code = error?.code ?? 'run-failed';
  const what = withoutSafety(error?.message ?? '') || 'The engine gave no reason.';
  return { what, safe: safetyNote(code), todo: todoAfter(code, what) };
}

/** The message without its own sentence on what is safe, which is said beside it. */
export function withoutSafety(message: string): string {
  return message.replace(/\s*The project file is intact[^.]*\./, '').trim();
}

function todoAfter(code: ErrorCode, what: string): string {
  if (code === 'engine-failed') return engineTodo(what);
  if (code === 'not-found')
    return 'Put the file back where it was and Retry, or start a new analysis with another one.';
  if (code === 'storage') return 'Make room, or allow writing to the folder, and Retry.';
  return '';
}

/** What to do after the engine ended. SIGKILL is mostly the system's answer to a lack of memory. */
function engineTodo(what: string): string {
  const again = 'Retry starts the engine again and computes only what is missing.';
  return /SIGKILL/.test(what)
    ? `${again} If it ends again, memory may be short: close other programs or use fewer inputs.`
    : again;
}
