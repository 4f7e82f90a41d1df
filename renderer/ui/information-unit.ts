import { getContext, setContext } from 'svelte';
import type { Settings } from '#core/ipc/areas/settings.ts';

export type InformationUnit = Settings['information'];

const contextKey = Symbol('information unit');

/** What information is shown in, below this component; results are stored in nats. */
export function provideInformationUnit(unit: () => InformationUnit): void {
  setContext(contextKey, unit);
}

/** A getter: the person may choose another unit at any time. */
export function useInformationUnit(): () => InformationUnit {
  return getContext<(() => InformationUnit) | undefined>(contextKey) ?? (() => 'nats');
}

/** By this, nats become the unit. */
export const perNat: Record<InformationUnit, number> = { nats: 1, bits: 1 / Math.LN2 };
