import { join } from 'node:path';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { PassState } from '#core/ipc/engine.ts';
import { ShardCheckpoint } from '#main/cluster/shard-checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

it('keeps the last state of every pass, for the same shard, until all is done', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'a.shard');
  const state = (pass: number, done: number): PassState => {
    const path = join(folder, 'a.shard.1.state');
    writeFileSync(path, `${pass} ${done}`);
    const timings = { sessionMs: 0, decodeWaitMs: 0, inferenceMs: 0, accumulateMs: 0 };
    const position = { done, batch: 8, made: {}, timings, skipped: [], notes: [] };
    return { position: pass === 0 ? position : { pass, ...position }, arrays: { path, arrays: [] } };
  };
  const first = new ShardCheckpoint(out);
  expect(await first.stored('key')).toEqual([]);
  for (const [pass, done] of [
    [0, 8],
    [0, 16],
    [2, 8],
  ])
    await first.keep(state(pass, done));
  const second = new ShardCheckpoint(out);
  const { from, later } = second.plan(await second.stored('key'));
  const textOf = (kept: PassState | null) => readFileSync(kept?.arrays.path ?? '', 'utf8');
  expect([from?.position.done, textOf(from)]).toEqual([16, '0 16']);
  expect(later.map((kept) => [kept.position.pass, kept.position.done, textOf(kept)])).toEqual([
    [2, 8, '2 8'],
  ]);
  await second.keep(state(0, 24));
  // The file of the state before is there until the next one takes its place.
  expect(textOf(from)).toBe('0 16');
  expect(textOf(second.plan(await second.stored('key')).from)).toBe('0 24');
  expect(await new ShardCheckpoint(out).stored('another')).toEqual([]);
  await second.forget();
  expect(readdirSync(folder)).toEqual([]);
  expect(await second.stored('key')).toEqual([]);
});

it('what killed tries at a shard left is removed, not what another may be writing now', async () => {
  const folder = temporaryFolder();
  const ends = ['12.part', '12.part.codes-0', '12.state', 'checkpoint.json.12.tmp'];
  const killed = ends.map((end) => `a.shard.${end}`);
  const names = ['a.shard', ...killed, 'a.shard.13.state', 'ab.shard.12.part'];
  for (const name of names) writeFileSync(join(folder, name), '');
  const old = Date.now() / 1000 - 2 * 3600;
  for (const name of names.filter((one) => !one.includes('13'))) utimesSync(join(folder, name), old, old);
  await new ShardCheckpoint(join(folder, 'a.shard')).dropStale();
  expect(readdirSync(folder).sort()).toEqual(['a.shard', 'a.shard.13.state', 'ab.shard.12.part']);
});
