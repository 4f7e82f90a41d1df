import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { NamedArray } from '#core/domain/result.ts';
import { createDatabaseMethods } from '#workers/database/methods.ts';
import { matrix } from '../fixtures/database-records.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const program = join(import.meta.dirname, '../fixtures/write-results-forever.ts');

/** Runs the program and kills it `delayMs` after it began, or stored its first result; returns the ids it said were stored. */
async function runAndKill(
  path: string,
  prefix: string,
  delayMs: number,
  from: 'begun' | 'stored' = 'begun',
): Promise<string[]> {
  const child = spawn(process.execPath, [program, path, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  const began = new Promise<void>((resolve) => {
    reader.on('line', (line) => {
      lines.push(line);
      if (from === 'begun' || lines.length > 1) resolve();
    });
  });
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]);
  await began;
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  child.kill('SIGKILL');
  const [[, signal]] = await ended;
  expect(signal).toBe('SIGKILL');
  rmSync(lines[0].replace('folder ', ''), { recursive: true, force: true });
  return lines.slice(1);
}

function expectedArrays(id: string): NamedArray[] {
  const [prefix, n] = id.split('-');
  const seed = Number(n) + prefix.length;
  return [
    matrix('wide', 520, 700, (row, col) => row * 1000 + col + seed),
    matrix('shared', 30, 30, (row, col) => row - col),
    matrix('vector', 1, 900, (_row, col) => col * seed),
  ];
}

/** The ids listed, the arrays of those not in `seen` checked bit for bit. */
async function listedAndComplete(path: string, seen: string[] = []): Promise<string[]> {
  const methods = createDatabaseMethods();
  await methods.open(path, 'open');
  const entries = await methods.results();
  for (const { id } of entries.filter((entry) => !seen.includes(entry.id)))
    for (const expected of expectedArrays(id)) {
      const { data } = await methods.array(id, expected.name);
      expect(Buffer.from(data.buffer).equals(Buffer.from(expected.data.buffer))).toBe(true);
      const { levels } = await methods.matrixInfo(id, expected.name);
      expect((await methods.tile(id, expected.name, levels - 1, 0, 0)).values.length).toBeGreaterThan(0);
    }
  for (const run of (await methods.summary()).runs) {
    expect(run.results).toHaveLength(1);
    expect((await methods.capture(await methods.captureOfRun(run.id))).images).toBe(2000);
  }
  await methods.close();
  return entries.map((entry) => entry.id);
}

it(
  'a program killed while it writes loses nothing that was stored and damages nothing',
  { timeout: 180_000 },
  async () => {
    const path = join(temporaryFolder(), 'p.consilience');
    const stored: string[] = [];
    for (let round = 0; round < 10; round++) {
      // From before a program has opened the file to well into writing.
      const delayMs = 250 + Math.random() * 1200;
      const said = await runAndKill(path, `k${round}`, delayMs, round % 2 === 0 ? 'stored' : 'begun');
      const listed = await listedAndComplete(path, stored);
      expect(listed).toEqual(expect.arrayContaining([...stored, ...said]));
      stored.splice(0, stored.length, ...listed);

      const db = new SqliteDatabase(path, { readonly: true });
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(db.pragma('foreign_key_check')).toEqual([]);
      db.close();
    }
    expect(stored.length).toBeGreaterThan(5);
    // Nothing an earlier round left was touched by a later kill.
    expect(await listedAndComplete(path)).toEqual(stored);
  },
);

it(
  'a program killed while it creates the file leaves a project or nothing',
  { timeout: 120_000 },
  async () => {
    for (let round = 0; round < 6; round++) {
      const path = join(temporaryFolder(), 'p.consilience');
      await runAndKill(path, 'n', 60 + round * 100);
      const methods = createDatabaseMethods();
      const summary = await methods.open(path, 'open-or-create', 'After');
      expect(['Killed', 'After']).toContain(summary.title);
      await methods.close();
    }
  },
);
