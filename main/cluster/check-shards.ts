import { basename } from 'node:path';
import { AppError } from '#core/errors.ts';
import { listInWords } from '#core/text/nearest-names.ts';
import type { ShardFile } from './shard-file.ts';

export interface NamedShard {
  path: string;
  file: ShardFile;
}

export interface CheckedShards {
  /** One of every part, in their order. */
  shards: NamedShard[];
  notes: string[];
}

const refuse = (sentence: string): never => {
  throw new AppError('bad-request', sentence);
};

/**
 * Holds shards to each other: the same software, networks, data, order and recipe, every part once. The same part twice
 * is left out where both have the same bytes, and refused otherwise.
 */
export function checkShards(given: readonly NamedShard[]): CheckedShards {
  const [first] = given;
  if (!first) return refuse('Name the shards to merge.');
  for (const other of given) requireAlike(first, other);
  const notes: string[] = [];
  const byIndex = new Map<number, NamedShard>();
  for (const shard of given) {
    const { index, of } = shard.file.summary.shard;
    const known = byIndex.get(index);
    if (!known) byIndex.set(index, shard);
    else if (known.file.contents === shard.file.contents)
      notes.push(
        `Shard ${index} of ${of} was given twice with the same content; ${nameOf(shard)} is left out.`,
      );
    else
      refuse(
        `${nameOf(known)} and ${nameOf(shard)} are both shard ${index} of ${of} and differ in content (machines of another kind ` +
          'round differently); give one of them.',
      );
  }
  const { of } = first.file.summary.shard;
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0)
    refuse(
      `${missing.length === 1 ? 'Shard' : 'Shards'} ${spans(missing)} of ${of} ${missing.length === 1 ? 'is' : 'are'} missing; ` +
        'make them with consilience shard, and give all files at once.',
    );
  const shards = [...byIndex.entries()].sort(([x], [y]) => x - y).map(([, shard]) => shard);
  requireWhole(shards);
  return { shards, notes: [...notes, ...differences(shards)] };
}

function nameOf({ path }: NamedShard): string {
  return basename(path);
}

function requireAlike(one: NamedShard, other: NamedShard): void {
  const [a, b] = [one.file, other.file];
  const names = `${nameOf(one)} and ${nameOf(other)}`;
  if (a.kind !== b.kind)
    refuse(
      `${names} are of different passes (first and second); merge the first ones, then the second ones.`,
    );
  for (const [what, version] of Object.entries(a.origin.software)) {
    const theirs = b.origin.software[what];
    if (theirs === version) continue;
    const program =
      what === 'capture' ? 'Consilience (capture)' : what === 'consilience' ? 'Consilience' : what;
    refuse(
      `${names} were made by different versions of ${program}, ${version} and ${theirs ?? 'none'}; make them with one.`,
    );
  }
  const { hashes } = a.origin;
  for (const network of new Set([...Object.keys(hashes.models), ...Object.keys(b.origin.hashes.models)])) {
    const differs =
      hashes.models[network] !== b.origin.hashes.models[network] ||
      hashes.weights?.[network] !== b.origin.hashes.weights?.[network];
    if (differs)
      refuse(
        `${names} were made with different models of ${network}; make them again with the same file on all machines.`,
      );
  }
  if (hashes.data !== b.origin.hashes.data)
    refuse(`${names} were made from different data; make them again from the same files on all machines.`);
  if (a.origin.captureKey !== b.origin.captureKey)
    refuse(
      `${names} were made from different recipes (layers, folds, analyses or how data is read); use one for all.`,
    );
  if (a.summary.shard.of !== b.summary.shard.of)
    refuse(
      `${names} are of ${a.summary.shard.of} and of ${b.summary.shard.of} shards; they cannot be put together.`,
    );
  if (a.summary.orderHash !== b.summary.orderHash || a.summary.images !== b.summary.images)
    refuse(
      `${names} read the inputs in different orders or numbers; check that all machines see the same files.`,
    );
  if (a.kind === 'second' && b.kind === 'second' && JSON.stringify(a.wanted) !== JSON.stringify(b.wanted))
    refuse(`${names} count different things; make them again from the same recipe.`);
}

function requireWhole(shards: readonly NamedShard[]): void {
  let next = 0;
  for (const { path, file } of shards) {
    const { first, end } = file.summary.range;
    if (first !== next)
      refuse(
        `${basename(path)} begins at input ${first}, not at ${next}: the shards were cut by different batches; write batch in the recipe.`,
      );
    next = end;
  }
  const { images } = shards[0].file.summary;
  if (next !== images) refuse(`The shards end at input ${next} of ${images}; make them again.`);
}

/** What may differ from machine to machine, and is told. */
function differences(shards: readonly NamedShard[]): string[] {
  const notes: string[] = [];
  const groups = (of: (file: ShardFile) => string) => {
    const found = new Map<string, number>();
    for (const { file } of shards) found.set(of(file), (found.get(of(file)) ?? 0) + 1);
    return found;
  };
  const told = (what: string, found: Map<string, number>) => {
    if (found.size < 2) return;
    const parts = [...found].map(([value, count]) => `${value} (${count} of ${shards.length} shards)`);
    notes.push(`Shards differ in ${what}: ${listInWords(parts, 'and')}; their last digits may too.`);
  };
  told(
    'the inputs run at a time',
    groups(({ summary }) => String(summary.batch)),
  );
  told(
    'where networks ran',
    groups((file) =>
      file.kind === 'first' ? [...new Set(file.summary.providers.map(({ used }) => used))].join('+') : '',
    ),
  );
  told(
    'linear algebra',
    groups((file) => (file.kind === 'first' ? file.summary.linearAlgebra : '')),
  );
  return notes;
}

/** "3, 5 to 7". */
export function spans(numbers: readonly number[]): string {
  return spanList(numbers)
    .map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`))
    .join(', ');
}

/** Runs of ascending numbers as first and last. */
export function spanList(numbers: readonly number[]): [number, number][] {
  const list: [number, number][] = [];
  for (const number of numbers) {
    const last = list.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else list.push([number, number]);
  }
  return list;
}
