import { describe, expect, it } from 'vitest';
import type { ConcreteProvider } from '#core/domain/provider.ts';
import { planFusion, type FusionInput, type FusionMode } from '#workers/fused/plan-fusion.ts';

/** Two networks of one layer with 4 units at 49 positions each, on a provider that need not be here. */
function planOn(provider: ConcreteProvider, mode: FusionMode, folders = ['/a', '/b']) {
  const networks = folders.map((folder, index) => ({
    name: 'AB'[index],
    session: {},
    provider: { asked: provider, used: provider },
    file: {
      path: `${folder}/net.onnx`,
      weightFiles: ['net.onnx.data'],
      bytes: new Uint8Array(0),
      model: { opsetImport: [{ domain: '', version: 17n }], functions: [] },
    },
  }));
  const parts = networks.map((_, network) => ({ network, output: 'relu', plan: { units: 4, reduce: null } }));
  const input = {
    ...{ networks, layers: [{ name: 'conv', positions: 49, parts }], rules: [{ kind: 'position' }] },
    ...{ wantsMoments: [true], batch: 8, samples: 100 },
  };
  return planFusion(input as unknown as FusionInput, mode);
}

describe('what is taken inside the graphs', () => {
  it('are sums on a card, in float64 on CUDA unless float32 is asked for', () => {
    expect(planOn('cuda', 'auto')).toMatchObject({ moments: [0], precision: 'float64', obstacle: null });
    expect(planOn('webgpu', 'auto')).toMatchObject({ moments: [0], precision: 'float32', obstacle: null });
    expect(planOn('cuda', 'fused')).toMatchObject({ moments: [0], precision: 'float32' });
    expect(planOn('webgpu', 'fused-float64')).toMatchObject({ moments: [0], precision: 'float64' });
  });

  it('is nothing on the processor unless it is asked for', () => {
    expect(planOn('cpu', 'auto').moments).toEqual([]);
    expect(planOn('cpu', 'fused')).toMatchObject({ moments: [0], precision: 'float32' });
    expect(planOn('cuda', 'captured').moments).toEqual([]);
  });
});
