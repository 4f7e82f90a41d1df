import { providerTitles, type ProviderName } from '#core/domain/provider.ts';

export const providerLabels: Record<ProviderName, string> = { auto: 'Fastest that works', ...providerTitles };
