import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedArray, StoredResult } from '#core/domain/result.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { csvText, type CsvCell } from './csv.ts';
import { encodeNpy } from './npy.ts';

export type ArrayFormat = 'npy' | 'csv' | 'json';

/** File names of the command line's interface, where they differ from the stored array's. */
const fileNames: Record<string, string> = { between: 'correlation' };

export const arrayFileStem = (name: string): string => fileNames[name] ?? name;

/**
 * Writes a result's arrays: npy and csv one file an array, json one document with headline and provenance.
 * Returns the paths written.
 */
export async function writeResultFiles(
  database: DatabaseMethods,
  result: StoredResult,
  folder: string,
  formats: readonly ArrayFormat[],
): Promise<string[]> {
  const written: string[] = [];
  const write = async (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, content);
    written.push(path);
  };
  if (formats.includes('json')) await write('result.json', `${JSON.stringify(result, null, 2)}\n`);
  if (!formats.includes('npy') && !formats.includes('csv')) return written;
  for (const { name } of result.arrays) {
    const array = await database.array(result.id, name);
    const stem = arrayFileStem(name);
    if (formats.includes('npy')) await write(`${stem}.npy`, npyOf(array));
    if (formats.includes('csv')) await write(`${stem}.csv`, csvOf(array));
  }
  return written;
}

function npyOf({ rows, cols, data }: NamedArray): Uint8Array {
  return encodeNpy({ shape: rows === 1 ? [cols] : [rows, cols], data });
}

function csvOf({ name, rows, cols, data }: NamedArray): string {
  if (rows === 1)
    return csvText(
      ['index', name],
      Array.from(data, (value, index): CsvCell[] => [index, value]),
    );
  const header = ['row', ...Array.from({ length: cols }, (_, col) => String(col))];
  const lines = Array.from({ length: rows }, (_, row): CsvCell[] => [
    row,
    ...data.subarray(row * cols, (row + 1) * cols),
  ]);
  return csvText(header, lines);
}
