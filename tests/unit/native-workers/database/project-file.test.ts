import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { AppError } from '#core/errors.ts';
import { listFigures } from '#workers/database/figure-store.ts';
import { latestVersion } from '#workers/database/migrate.ts';
import { migrations } from '#workers/database/migrations/index.ts';
import type { Migration } from '#workers/database/migrations/migration.ts';
import { openProjectFile } from '#workers/database/project-file.ts';
import type { OpenMode } from '#workers/database/project-file.ts';
import { getResult, putResult } from '#workers/database/result-store.ts';
import { matrix, newResult, writeArrayFile } from '../../../fixtures/database-records.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const latest = latestVersion(migrations);
const modes: OpenMode[] = ['open', 'create', 'open-or-create'];

function refusal(path: string, mode: OpenMode): AppError {
  try {
    openProjectFile(path, mode).close();
  } catch (error) {
    return error as AppError;
  }
  throw new Error(`${path} was opened`);
}

function madeProject(folder: string, results = 0): string {
  const path = join(folder, 'p.consilience');
  const file = openProjectFile(path, 'create', 'Made');
  for (let i = 0; i < results; i++)
    putResult(
      file.sql,
      newResult(`r${i}`, writeArrayFile(join(folder, 'a.bin'), [matrix('m', 600, 2, (r) => r + i)])),
    );
  file.close();
  return path;
}

describe('opening', () => {
  it('creates a whole file and leaves nothing beside it', () => {
    const folder = temporaryFolder();
    const path = madeProject(folder);
    expect(readdirSync(folder)).toEqual(['p.consilience']);
    const db = new SqliteDatabase(path, { readonly: true });
    expect(db.pragma('application_id', { simple: true })).toBe(0x434e534c);
    expect(db.pragma('user_version', { simple: true })).toBe(latest);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    const tables = db.prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").all();
    const notStrict = (tables as { name: string; strict: number }[]).filter(
      ({ name, strict }) => !strict && !name.startsWith('sqlite_'),
    );
    expect(notStrict).toEqual([]);
    db.close();
  });

  it('removes what a program killed while creating the file left, but not what is being made now', () => {
    const folder = temporaryFolder();
    for (const left of ['p.consilience.new-123', 'p.consilience.new-123-journal', 'p.consilience.new-124'])
      writeFileSync(join(folder, left), 'left');
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const old of ['123', '123-journal'])
      utimesSync(join(folder, `p.consilience.new-${old}`), hourAgo, hourAgo);
    madeProject(folder);
    expect(readdirSync(folder).sort()).toEqual(['p.consilience', 'p.consilience.new-124']);
  });

  it('names an untitled project after its file', () => {
    const file = openProjectFile(join(temporaryFolder(), 'my digits.consilience'), 'open-or-create');
    expect(file.summary().title).toBe('my digits');
    file.close();
  });

  it('opens an existing project, whatever title is given, unless it is to be made', () => {
    const folder = temporaryFolder();
    const path = madeProject(folder, 1);
    for (const mode of ['open', 'open-or-create'] as const) {
      const file = openProjectFile(path, mode, 'Other');
      expect(file.summary().title).toBe('Made');
      file.close();
    }
    expect(refusal(path, 'create')).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(path),
    });
  });

  it('makes a new project in place of an empty one', () => {
    const path = madeProject(temporaryFolder());
    const file = openProjectFile(path, 'create', 'Second');
    expect(file.summary().title).toBe('Second');
    file.close();
  });

  it('lets another program read meanwhile, and says so when it writes', { timeout: 30_000 }, () => {
    const folder = temporaryFolder();
    const path = madeProject(folder, 1);
    const [one, other] = [openProjectFile(path, 'open'), openProjectFile(path, 'open')];
    one.sql.write(() => {
      expect(getResult(other.sql, 'r0').id).toBe('r0');
      const started = performance.now();
      try {
        putResult(other.sql, newResult('x', writeArrayFile(join(folder, 'x.bin'), [])));
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({ code: 'SQLITE_BUSY' });
      }
      expect(performance.now() - started).toBeGreaterThan(4000);
    });
    one.close();
    putResult(other.sql, newResult('x', writeArrayFile(join(folder, 'x.bin'), [])));
    other.close();
  });
});

describe('refusing', () => {
  it('a missing file, only where it is to be opened', () => {
    const path = join(temporaryFolder(), 'none.consilience');
    expect(refusal(path, 'open')).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(path),
    });
    expect(existsSync(path)).toBe(false);
  });

  const strangers: [string, (path: string) => void, string][] = [
    ['an empty file', (path) => writeFileSync(path, ''), 'is empty'],
    [
      'bytes that are no SQLite',
      (path) => writeFileSync(path, Buffer.alloc(5000, 0xa7)),
      'not an SQLite file',
    ],
    ['a few bytes', (path) => writeFileSync(path, 'SQLite'), 'not an SQLite file'],
    ['a header alone', (path) => writeFileSync(path, 'SQLite format 3\0'), 'cut off'],
    ['a folder', (path) => mkdirSync(path), 'is a folder'],
    [
      'another program’s SQLite file',
      (path) => new SqliteDatabase(path).exec('CREATE TABLE project (id, title)').close(),
      'another program',
    ],
    [
      'an SQLite file with our mark and no project',
      (path) => {
        const db = new SqliteDatabase(path);
        db.pragma(`application_id = ${0x434e534c}`);
        db.pragma('user_version = 10');
        db.exec('CREATE TABLE t (x)').close();
      },
      'damaged',
    ],
  ];
  describe.each(strangers)('%s', (_what, make, reason) => {
    it.each(modes)('in mode %s, unchanged', (mode) => {
      const folder = temporaryFolder();
      const path = join(folder, 'p.consilience');
      make(path);
      const isFolder = readdirSync(folder, { withFileTypes: true })[0].isDirectory();
      const before = isFolder ? null : readFileSync(path).subarray(100);
      const error = refusal(path, mode);
      expect(error).toMatchObject({ code: 'bad-project', message: expect.stringContaining(reason) });
      expect(error.message).toContain(path);
      expect(readdirSync(folder)).toEqual(['p.consilience']);
      if (before) expect(readFileSync(path).subarray(100).equals(before)).toBe(true);
    });
  });

  it.each(modes)('a file of a later version, in mode %s, unchanged', (mode) => {
    const folder = temporaryFolder();
    const path = madeProject(folder, 1);
    const db = new SqliteDatabase(path);
    db.pragma('user_version = 4711');
    db.close();
    const before = readFileSync(path);
    expect(refusal(path, mode)).toMatchObject({
      code: 'project-newer',
      message: expect.stringMatching(new RegExp(`p\\.consilience .*4711.* up to ${latest}`)),
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['a.bin', 'p.consilience']);
  });

  it('a copy that was cut short', () => {
    const folder = temporaryFolder();
    const path = madeProject(folder, 3);
    const copy = join(folder, 'copy.consilience');
    copyFileSync(path, copy);
    truncateSync(copy, 40_000);
    expect(refusal(copy, 'open')).toMatchObject({
      code: 'bad-project',
      message: expect.stringContaining('40000 of'),
    });
  });

  it('a file whose pages were overwritten', () => {
    const path = madeProject(temporaryFolder(), 1);
    const bytes = readFileSync(path);
    bytes.fill(0x55, 100, 16_384);
    writeFileSync(path, bytes);
    expect(refusal(path, 'open')).toMatchObject({
      code: 'bad-project',
      message: expect.stringContaining('damaged'),
    });
  });

  it('a folder that does not exist', () => {
    const path = join(temporaryFolder(), 'no', 'p.consilience');
    expect(refusal(path, 'create')).toMatchObject({
      code: 'storage',
      message: expect.stringContaining('folder'),
    });
  });

  it('a file and a folder that may not be written', () => {
    const folder = temporaryFolder();
    const path = madeProject(folder, 1);
    chmodSync(folder, 0o755);
    chmodSync(path, 0o444);
    expect(refusalAsOther(path, 'open')).toEqual({ code: 'storage', names: true });
    chmodSync(path, 0o666);
    chmodSync(folder, 0o555);
    expect(refusalAsOther(path, 'open')).toEqual({ code: 'storage', names: true });
    expect(refusalAsOther(join(folder, 'new.consilience'), 'create')).toEqual({
      code: 'storage',
      names: true,
    });
    chmodSync(folder, 0o755);
  });
});

/** Opens as an ordinary user, who may not write everywhere as root may. */
function refusalAsOther(path: string, mode: OpenMode): unknown {
  const module = join(import.meta.dirname, '../../../../native-workers/database/project-file.ts');
  const script = `
    const { openProjectFile } = await import(${JSON.stringify(module)});
    let answer = 'opened';
    try { openProjectFile(${JSON.stringify(path)}, '${mode}').close(); }
    catch (error) { answer = { code: error.code, names: error.message.includes(${JSON.stringify(path)}) }; }
    console.log(JSON.stringify(answer));`;
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const args = ['--input-type=module', '--eval', script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', ...nobody }));
}

describe('migrating', () => {
  const next: Migration = {
    version: latest + 10,
    apply: (db) => db.exec('ALTER TABLE results ADD COLUMN remark TEXT'),
  };
  const broken: Migration = {
    version: latest + 20,
    apply(db) {
      db.exec('ALTER TABLE results ADD COLUMN more TEXT');
      db.exec('this is no SQL');
    },
  };

  it('has versions that rise', () => {
    const versions = migrations.map((migration) => migration.version);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });

  it('keeps the data and a backup of the file as it was', () => {
    const folder = temporaryFolder();
    const path = madeProject(folder, 2);
    const file = openProjectFile(path, 'open', undefined, [...migrations, next]);
    expect(file.summary().schemaVersion).toBe(latest + 10);
    expect(getResult(file.sql, 'r1').arrays).toHaveLength(1);
    expect(file.sql.get('SELECT remark FROM results')).toEqual({ remark: null });
    file.close();
    expect(readdirSync(folder).sort()).toEqual(['a.bin', 'p.consilience', `p.consilience.backup-v${latest}`]);
    const backup = openProjectFile(`${path}.backup-v${latest}`, 'open');
    expect(backup.summary().schemaVersion).toBe(latest);
    expect(getResult(backup.sql, 'r1').id).toBe('r1');
    backup.close();
    expect(refusal(path, 'open')).toMatchObject({ code: 'project-newer' });
  });

  it('never overwrites an earlier backup, and makes none for a new file', () => {
    const folder = temporaryFolder();
    openProjectFile(join(folder, 'new.consilience'), 'create', 'N', [...migrations, next]).close();
    expect(readdirSync(folder)).toEqual(['new.consilience']);
    const path = madeProject(folder);
    writeFileSync(`${path}.backup-v${latest}`, 'kept');
    openProjectFile(path, 'open', undefined, [...migrations, next]).close();
    expect(readFileSync(`${path}.backup-v${latest}`, 'utf8')).toBe('kept');
    openProjectFile(`${path}.backup-v${latest}-2`, 'open').close();
  });

  it('gives a file of the format before a place for figures, and keeps it as it was beside', () => {
    const path = join(temporaryFolder(), 'p.consilience');
    const before = migrations.filter(({ version }) => version <= 20);
    openProjectFile(path, 'create', 'Before', before).close();
    const file = openProjectFile(path, 'open');
    expect(file.summary()).toMatchObject({ title: 'Before', schemaVersion: latest });
    expect(listFigures(file.sql)).toEqual([]);
    file.close();
    const backup = new SqliteDatabase(`${path}.backup-v20`, { readonly: true });
    expect(backup.prepare("SELECT name FROM sqlite_master WHERE name = 'figures'").all()).toEqual([]);
    backup.close();
  });

  it('that fails leaves the file as the migration before left it', () => {
    const path = madeProject(temporaryFolder(), 1);
    expect(() => openProjectFile(path, 'open', undefined, [...migrations, next, broken])).toThrow(
      'syntax error',
    );
    const file = openProjectFile(path, 'open', undefined, [...migrations, next]);
    expect(file.summary().schemaVersion).toBe(latest + 10);
    expect(() => file.sql.get('SELECT more FROM results')).toThrow('no such column');
    file.close();
  });
});
