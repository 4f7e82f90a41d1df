import { basename } from 'node:path';
import { AppError } from '#core/errors.ts';

const noPermission = ['EACCES', 'EPERM', 'EROFS'];

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** A failure of SQLite or of the file system while `path` was in use, as a sentence with its remedy. */
export function describeFailure(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const file = basename(path);
  const message = error instanceof Error ? error.message : String(error);
  const details = { file: path, code };
  const fail = (kind: 'storage' | 'bad-project' | 'internal', sentence: string) =>
    new AppError(kind, sentence, details, error);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return fail(
      'storage',
      `Another program is writing to ${file}. Wait until it has finished, then try again.`,
    );
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC' || code === 'EDQUOT')
    return fail(
      'storage',
      `The disk that holds ${file} is full. Free some space, then try again; what was stored before is intact.`,
    );
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code) || noPermission.includes(code))
    return fail('storage', readOnlySentence(path));
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return fail(
      'storage',
      `${path} cannot be written: its folder does not exist. Make it, or choose another.`,
    );
  if (code.startsWith('SQLITE_IOERR'))
    return fail(
      'storage',
      `The disk that holds ${file} failed (${message}). Copy the file to another disk and open the copy.`,
    );
  if (/^SQLITE_(CORRUPT|NOTADB|SCHEMA)/.test(code) || /no such (table|column)/.test(message))
    return fail('bad-project', damagedSentence(path, message));
  return fail('internal', `Something unexpected happened to ${file}: ${message}`);
}

export function readOnlySentence(path: string): string {
  return `${path} cannot be written: the file, its folder or its disk is read-only. Copy it to a folder you may write to and open the copy.`;
}

export function damagedSentence(path: string, reason: string): string {
  return `${path} is damaged (${reason}). Open a copy or a backup of it (a file of the same name ending in .backup-v...), or run the recipe again into a new file.`;
}
