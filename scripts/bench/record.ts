import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository.ts';

/** What a machine is like, without its name: "2 virtual cores, AMD EPYC 7B13, 23 GiB". */
export function machineClass(): string {
  const cores = cpus();
  const processor = (cores[0]?.model ?? 'unknown processor')
    .replace(/\((R|TM)\)/g, '')
    .replace(/ CPU.*$/, '');
  return `${cores.length} virtual cores, ${processor.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}

/** Keeps what a benchmark measured under docs/performance, by its day and name, and says so. */
export function keepRecord(name: string, measured: object): void {
  const date = new Date().toISOString().slice(0, 10);
  const folder = join(repositoryRoot, 'docs/performance');
  const file = `${date}-${name}.json`;
  mkdirSync(folder, { recursive: true });
  const record = { benchmark: name, date, machine: machineClass(), ...measured };
  writeFileSync(join(folder, file), `${JSON.stringify(record, null, 2)}\n`);
  console.log(`\nWritten to docs/performance/${file} (${record.machine})`);
}

/** A table as Markdown has it, ready to be pasted. */
export function markdownTable(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
