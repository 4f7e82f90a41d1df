import { providerTitles, type ProviderName } from '#core/domain/provider.ts';

export const providerLabels: Record<ProviderName | 'saved', string> = {
  auto: 'Fastest that works',
  ...providerTitles,
};
