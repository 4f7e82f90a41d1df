import { describe, expect, it } from 'vitest';
import { checkShards, spans, type NamedShard } from '#main/cluster/check-shards.ts';
import type { ShardFile, ShardOrigin } from '#main/cluster/shard-file.ts';

const origin: ShardOrigin = {
  title: 'Digits',
  software: { consilience: '0.1.0', capture: '2', onnxruntime: '1.27.0' },
  captureKey: 'key',
  hashes: { data: 'data', models: { Net1: 'one', Net2: 'two' } },
  files: [],
  recipeText: '',
  provider: 'cpu',
  recipeFile: 'digits.yaml',
  baseFolder: '/data',
};

interface Change {
  origin?: Partial<ShardOrigin>;
  summary?: Record<string, unknown>;
  contents?: string;
  kind?: 'second';
}

/** Shard `index` of three over 96 inputs. */
function shard(index: number, change: Change = {}, path = `shard-${index}`): NamedShard {
  const summary = {
    shard: { index, of: 3 },
    range: { first: 32 * (index - 1), end: 32 * index },
    images: 96,
    orderHash: 'order',
    batch: 16,
    providers: [{ asked: 'cpu', used: 'cpu' }],
    linearAlgebra: 'OpenBLAS',
    layers: [],
    ...change.summary,
  };
  const file = {
    kind: change.kind ?? 'first',
    origin: { ...origin, ...change.origin },
    contents: change.contents ?? `contents ${index}`,
    summary,
    wanted: {},
  } as unknown as ShardFile;
  return { path: `/shards/${path}`, file };
}

describe('the check of shards before they are merged', () => {
  it('takes them in any order and gives them in their own', () => {
    const { shards, notes } = checkShards([shard(3), shard(1), shard(2)]);
    expect(shards.map(({ path }) => path)).toEqual(['/shards/shard-1', '/shards/shard-2', '/shards/shard-3']);
    expect(notes).toEqual([]);
  });

  it('leaves out a shard that was computed twice with the same content, and says so', () => {
    const { shards, notes } = checkShards([shard(1), shard(2), shard(2, {}, 'again'), shard(3)]);
    expect(shards).toHaveLength(3);
    expect(notes).toEqual(['Shard 2 of 3 was given twice with the same content; again is left out.']);
  });

  const refusals: [what: string, given: NamedShard[], sentence: string][] = [
    [
      'a shard twice with different content',
      [shard(1), shard(2), shard(2, { contents: 'other' }, 'again'), shard(3)],
      'shard-2 and again are both shard 2 of 3 and differ in content (machines of another kind round differently); give one of them.',
    ],
    [
      'missing shards, by their numbers',
      [shard(2)],
      'Shards 1, 3 of 3 are missing; make them with consilience shard, and give all files at once.',
    ],
    [
      'another model',
      [shard(1), shard(2, { origin: { hashes: { data: 'data', models: { Net1: 'one', Net2: 'other' } } } })],
      'shard-1 and shard-2 were made with different models of Net2; make them again with the same file on all machines.',
    ],
    [
      'other weights beside the model',
      [shard(1), shard(2, { origin: { hashes: { ...origin.hashes, weights: { Net1: 'weights' } } } })],
      'shard-1 and shard-2 were made with different models of Net1; make them again with the same file on all machines.',
    ],
    [
      'other data',
      [shard(1), shard(2, { origin: { hashes: { ...origin.hashes, data: 'others' } } })],
      'shard-1 and shard-2 were made from different data; make them again from the same files on all machines.',
    ],
    [
      'another version of the program',
      [shard(1), shard(2, { origin: { software: { ...origin.software, consilience: '0.2.0' } } })],
      'shard-1 and shard-2 were made by different versions of Consilience, 0.1.0 and 0.2.0; make them with one.',
    ],
    [
      'another version of the runtime',
      [shard(1), shard(2, { origin: { software: { ...origin.software, onnxruntime: '1.20.0' } } })],
      'shard-1 and shard-2 were made by different versions of onnxruntime, 1.27.0 and 1.20.0; make them with one.',
    ],
    [
      'another recipe',
      [shard(1), shard(2, { origin: { captureKey: 'other' } })],
      'shard-1 and shard-2 were made from different recipes (layers, folds, analyses or how data is read); use one for all.',
    ],
    [
      'another number of shards',
      [shard(1), shard(2, { summary: { shard: { index: 2, of: 4 } } })],
      'shard-1 and shard-2 are of 3 and of 4 shards; they cannot be put together.',
    ],
    [
      'another order of inputs',
      [shard(1), shard(2, { summary: { orderHash: 'another' } })],
      'shard-1 and shard-2 read the inputs in different orders or numbers; check that all machines see the same files.',
    ],
    [
      'shards of both passes',
      [shard(1), shard(2, { kind: 'second' })],
      'shard-1 and shard-2 are of different passes (first and second); merge the first ones, then the second ones.',
    ],
    [
      'shards that were cut by other batches',
      [shard(1), shard(2, { summary: { range: { first: 48, end: 64 } } }), shard(3)],
      'shard-2 begins at input 48, not at 32: the shards were cut by different batches; write batch in the recipe.',
    ],
    ['nothing', [], 'Name the shards to merge.'],
  ];
  it.each(refusals)('refuses %s', (_what, given, sentence) => {
    expect(() => checkShards(given)).toThrow(sentence);
  });

  it('tells what differs between machines and may change last digits', () => {
    const other = { batch: 8, linearAlgebra: 'MKL', providers: [{ asked: 'auto', used: 'cuda' }] };
    const { notes } = checkShards([shard(1), shard(2), shard(3, { summary: other })]);
    expect(notes).toEqual([
      'Shards differ in the inputs run at a time: 16 (2 of 3 shards) and 8 (1 of 3 shards); their last digits may too.',
      'Shards differ in where networks ran: cpu (2 of 3 shards) and cuda (1 of 3 shards); their last digits may too.',
      'Shards differ in linear algebra: OpenBLAS (2 of 3 shards) and MKL (1 of 3 shards); their last digits may too.',
    ]);
  });

  it('writes runs of numbers short', () => {
    expect(spans([1, 3, 4, 5, 9])).toBe('1, 3 to 5, 9');
  });
});
