import type { PlainError } from './errors.ts';

/** The envelope every IPC answer travels in. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: PlainError };
