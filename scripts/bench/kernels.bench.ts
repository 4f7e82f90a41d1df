import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../support/repository.ts';
import type { KernelRun } from './compare-runs.ts';
import { peerSeconds, type KernelCase } from './kernel-case.ts';
import { pythonWith } from './python-peer.ts';
import { keepRecord, markdownTable } from './record.ts';

/**
 * `npm run bench -- kernels [--peers] [--only TEXT,TEXT] [--out FILE] [--keep]`: every kernel's time, with `--peers` against numpy,
 * scipy and scikit-learn on two threads in the same run. Writes a table and JSON; `--keep` puts it under
 * docs/performance, for `npm run bench -- compare`.
 */
export async function bench(args: string[]): Promise<void> {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const python = args.includes('--peers') ? await pythonWith(['numpy', 'scipy', 'sklearn']) : null;
  if (args.includes('--peers') && !python)
    console.log('No Python with numpy, scipy and scikit-learn: ours alone.');
  const only = option('--only')?.split(',') ?? [''];
  const cases = (await allCases()).filter(({ name }) => only.some((text) => name.includes(text)));
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} threads; seconds, least of a few runs\n`,
  );
  console.log(line('kernel', 'ours', 'peer', 'ours/peer', 'goal', ''));
  const measured: KernelRun['measured'] = [];
  for (const entry of cases) {
    const ours = await entry.ours();
    const peer = python ? await peerSeconds(python, entry.peer) : null;
    const ratio = peer === null ? null : ours / peer;
    measured.push({ name: entry.name, ours, peer, ratio, goal: entry.goal });
    const verdict = ratio === null || entry.goal === null ? '' : ratio <= entry.goal ? 'met' : 'missed';
    console.log(line(entry.name, number(ours), number(peer), number(ratio), number(entry.goal), verdict));
  }
  const out = option('--out') ?? join(repositoryRoot, 'out/bench/kernels.json');
  mkdirSync(dirname(out), { recursive: true });
  const run: KernelRun = {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model,
    threads: cpus().length,
    measured,
  };
  writeFileSync(out, `${JSON.stringify(run, null, 2)}\n`);
  console.log(`\nWritten to ${out}`);
  if (args.includes('--keep')) {
    const cells = measured.map(({ name, ...of }) => [
      name,
      ...[of.ours, of.peer, of.ratio, of.goal].map(number),
    ]);
    console.log(`\n${markdownTable(['kernel', 'ours, s', 'peer, s', 'ratio', 'goal'], cells)}`);
    keepRecord('kernels', run);
  }
}

/** Each `*-kernels.ts` beside this file exports one function that lists its cases. */
async function allCases(): Promise<KernelCase[]> {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('-kernels.ts'));
  const cases: KernelCase[] = [];
  for (const file of files.sort()) {
    const module = (await import(pathToFileURL(join(import.meta.dirname, file)).href)) as Record<
      string,
      () => Promise<KernelCase[]>
    >;
    for (const list of Object.values(module)) cases.push(...(await list()));
  }
  return cases;
}

function line(name: string, ...columns: string[]): string {
  return name.padEnd(56) + columns.map((text) => text.padStart(11)).join('');
}

function number(value: number | null): string {
  return value === null ? '–' : value >= 100 ? value.toFixed(1) : value.toPrecision(3);
}
