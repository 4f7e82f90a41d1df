import { join } from 'node:path';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ShardCheckpoint } from '#main/cluster/shard-checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

it('what killed tries at a shard left is removed, not what another may be writing now', async () => {
  const folder = temporaryFolder();
  const killed = ['a.shard.12.part', 'a.shard.12.state', 'a.shard.checkpoint.json.12.tmp'];
  const names = ['a.shard', ...killed, 'a.shard.13.state', 'ab.shard.12.part'];
  for (const name of names) writeFileSync(join(folder, name), '');
  const old = Date.now() / 1000 - 2 * 3600;
  for (const name of names.filter((one) => !one.includes('13'))) utimesSync(join(folder, name), old, old);
  await new ShardCheckpoint(join(folder, 'a.shard')).dropStale();
  expect(readdirSync(folder).sort()).toEqual(['a.shard', 'a.shard.13.state', 'ab.shard.12.part']);
});
