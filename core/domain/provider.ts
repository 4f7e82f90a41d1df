/** Execution providers a person may ask for; `auto` takes the fastest one that works on this machine. */
export const providerNames = ['auto', 'cpu', 'cuda', 'webgpu', 'directml', 'coreml'] as const;
export type ProviderName = (typeof providerNames)[number];
export type ConcreteProvider = Exclude<ProviderName, 'auto'>;

/** What was asked for and what ran: stored with every result, so that a fall-back is never silent. */
export interface ProviderUse {
  asked: ProviderName;
  used: ConcreteProvider | 'saved';
  /** Why `used` differs from `asked`, in a sentence; absent where they agree. */
  fallbackReason?: string;
}

/** One line of the engine's report on a provider. */
export interface ProviderStatus {
  name: ConcreteProvider;
  available: boolean;
  /** In words: what is missing and how to get it, or what was found. */
  note: string;
}

/** Providers as people write them; `saved`: nothing ran, the activations were read from a file. */
export const providerTitles: Record<ConcreteProvider | 'saved', string> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
  directml: 'DirectML',
  coreml: 'Core ML',
  saved: 'saved activations',
};
