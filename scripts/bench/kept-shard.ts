import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PassState } from '../../core/ipc/engine.ts';
import { readShard } from '../../main/cluster/shard-file.ts';
import { ShardCheckpoint } from '../../main/cluster/shard-checkpoint.ts';
import type { Content, Kept, KilledFile } from './killed-file.ts';

/** Shards of a first pass, and the checkpoints beside them. */
export const shards: KilledFile = {
  async contentOf(file) {
    const { contents, summary, origin } = await readShard(file);
    const { arrays, timings: _timings, ...facts } = summary;
    const bytes = readFileSync(file);
    const records: [string, string][] = [
      ['contents', contents],
      ['summary', JSON.stringify(facts)],
      ['origin', JSON.stringify(origin)],
    ];
    const hashes = arrays.arrays.map(({ name, offset, bytes: size }): [string, string] => {
      const part = bytes.subarray(offset, offset + size);
      return [name, createHash('sha256').update(part).digest('hex')];
    });
    return new Map([...records, ...hashes]) satisfies Content;
  },
  async keptIn(file) {
    const kept: Kept = { first: 0, second: 0, results: 0, isCaptured: existsSync(file) };
    const index = `${file}.checkpoint.json`;
    if (!existsSync(index)) return kept;
    const { key } = JSON.parse(readFileSync(index, 'utf8')) as { key: string };
    const states = await new ShardCheckpoint(file).stored(key);
    const doneOf = ({ position: { done, made } }: PassState) =>
      done - parseInt(made['part of the order'], 10);
    return { ...kept, first: states.reduce((sum, state) => sum + doneOf(state), 0) };
  },
  checkWhole(file) {
    const left = readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}.`));
    // What a killed process was writing is named after it, and nobody can know that it is dead but by its number.
    const strange = left.filter((name) => !/\.\d+\.(part|state|tmp)(\.codes-\d+)?$/.test(name));
    if (strange.length > 0) throw new Error(`${strange.join(', ')} is left behind.`);
  },
  remove(file) {
    for (const name of readdirSync(dirname(file)))
      if (name.startsWith(basename(file))) rmSync(join(dirname(file), name));
  },
};
