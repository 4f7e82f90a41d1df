import { expect, it } from 'vitest';
import type { DataInspection } from '#core/domain/dataset.ts';
import { inspectNetwork } from '#main/app/inspect-network.ts';

it('shows a file of saved activations as a network whose tensors are its arrays', async () => {
  const arrays: DataInspection['arrays'] = [
    { key: 'conv', dtype: 'float16', shape: [50, 8, 4, 4] },
    { key: 'ids', dtype: 'int64', shape: [50] },
    { key: 'frames/*', dtype: 'float32', shape: [70, 3, 4] },
  ];
  const engine = {
    inspectData: () => Promise.resolve({ file: 'probe.h5', bytes: 9, arrays }),
    inspectModel: () => Promise.reject(new Error('It is no model.')),
  };
  const found = await inspectNetwork('/data/probe.h5', engine);
  expect(found).toMatchObject({ file: 'probe.h5', inputs: [], activations: { samples: 50 } });
  expect(found.tensors).toEqual([
    { name: 'conv', op: 'Saved', node: '', shape: ['N', 8, 4, 4], units: 8, type: 'float16' },
  ]);
  const single = {
    ...engine,
    inspectData: () =>
      Promise.resolve({ file: 'fc1.npy', bytes: 9, arrays: [{ key: '', dtype: 'float32', shape: [5, 3] }] }),
  };
  expect((await inspectNetwork('/data/fc1.npy', single)).tensors[0].name).toBe('fc1');
});
