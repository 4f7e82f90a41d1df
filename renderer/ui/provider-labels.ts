import type { ProviderName } from '#core/domain/provider.ts';

export const providerLabels: Record<ProviderName, string> = {
  auto: 'Fastest that works',
  cpu: 'CPU',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
  directml: 'DirectML',
  coreml: 'Core ML',
};
