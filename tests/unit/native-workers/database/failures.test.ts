import { expect, it } from 'vitest';
import { AppError } from '#core/errors.ts';
import { describeFailure } from '#workers/database/failures.ts';

function failure(code: string, message = 'as SQLite says it'): Error {
  return Object.assign(new Error(message), { code });
}

it.each([
  ['SQLITE_BUSY', 'storage', 'Another program is writing to p.consilience'],
  ['SQLITE_BUSY_SNAPSHOT', 'storage', 'Another program'],
  ['SQLITE_FULL', 'storage', 'disk that holds p.consilience is full'],
  ['ENOSPC', 'storage', 'is full'],
  ['SQLITE_READONLY_DBMOVED', 'storage', 'read-only'],
  ['SQLITE_CANTOPEN', 'storage', 'read-only'],
  ['EROFS', 'storage', 'read-only'],
  ['ENOENT', 'storage', 'folder does not exist'],
  ['SQLITE_IOERR_WRITE', 'storage', 'failed (as SQLite says it)'],
  ['SQLITE_CORRUPT', 'bad-project', 'damaged (as SQLite says it)'],
  ['SQLITE_NOTADB', 'bad-project', 'damaged'],
  ['SQLITE_CONSTRAINT_UNIQUE', 'internal', 'as SQLite says it'],
])('%s becomes %s: %s', (code, kind, words) => {
  const cause = failure(code);
  const error = describeFailure(cause, '/data/p.consilience');
  expect(error).toMatchObject({ code: kind, details: { file: '/data/p.consilience', code }, cause });
  expect(error.message).toContain(words);
  expect(error.message).toContain('p.consilience');
});

it('leaves an AppError as it is, and takes whatever else is thrown', () => {
  const told = new AppError('not-found', 'There is none.');
  expect(describeFailure(told, '/p')).toBe(told);
  expect(describeFailure('words', '/p')).toMatchObject({
    code: 'internal',
    message: expect.stringContaining('words'),
  });
  expect(describeFailure(null, '/p').code).toBe('internal');
});
