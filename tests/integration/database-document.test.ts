import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDatabaseMethods } from '#workers/database/methods.ts';
import { matrix, newResult, writeArrayFile } from '../fixtures/database-records.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const numpyIsThere = spawnSync('python3', ['-c', 'import numpy, sqlite3']).status === 0;
const document = readFileSync(join(import.meta.dirname, '../../docs/project-file.md'), 'utf8');

it.skipIf(!numpyIsThere)('the Python program of docs/project-file.md reads a project exactly', async () => {
  const folder = temporaryFolder();
  const arrays = [
    matrix('large', 513, 1100, (row, col) => row / 7 - col),
    matrix('small', 30, 20, (row, col) => row * col),
    matrix('vector', 1, 700, (_row, col) => Math.sqrt(col)),
  ];
  const methods = createDatabaseMethods();
  await methods.open(join(folder, 'digits.consilience'), 'create');
  await methods.putResult(newResult('r', writeArrayFile(join(folder, 'a.bin'), arrays)));
  await methods.close();
  const program = /```python\n([\s\S]*?)```/.exec(document)![1];
  const dump = arrays.map(({ name }) => `read_array('r', '${name}').tofile('${name}.raw')\n`).join('');
  writeFileSync(join(folder, 'read.py'), program + dump);
  const printed = execFileSync('python3', ['read.py'], { cwd: folder, encoding: 'utf8' });
  expect(printed).toContain("'large': (513, 1100)");
  for (const { name, data } of arrays)
    expect(readFileSync(join(folder, `${name}.raw`)).equals(Buffer.from(data.buffer))).toBe(true);
});

it('names every table and column of the file, and no other table', async () => {
  const { openProjectFile } = await import('#workers/database/project-file.ts');
  const file = openProjectFile(join(temporaryFolder(), 'p.consilience'), 'create');
  const columns = file.sql.all<{ tab: string; col: string }>(
    `SELECT t.name AS tab, c.name AS col FROM pragma_table_list t, pragma_table_info(t.name) c
     WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%'`,
  );
  file.close();
  const rows = new Map(
    [...document.matchAll(/^\| `(\w+)` +\|.*$/gm)].map((match) => [match[1], match[0]] as const),
  );
  expect([...rows.keys()].sort()).toEqual([...new Set(columns.map(({ tab }) => tab))].sort());
  // Internal keys that nothing else refers to need no word.
  const told = columns.filter(({ col }) => col !== 'id' && col !== 'tile_id');
  expect(told.filter(({ tab, col }) => !rows.get(tab)!.includes(`\`${col}\``))).toEqual([]);
});
