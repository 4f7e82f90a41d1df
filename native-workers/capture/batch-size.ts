import { totalmem } from 'node:os';
import { AppError } from '#core/errors.ts';
import type { LayerPlan } from './tap-plan.ts';

const largestDefault = 64;
const activationBudgetBytes = 128 * 2 ** 20;
/** Joint moments may take this share of the machine's memory. */
const momentShare = 0.6;

/** Images per batch: as many as keep the captured activations within a fixed budget, at most 64. */
export function chooseBatch(layers: readonly LayerPlan[], networks: number, asked: number | null): number {
  if (asked !== null) return asked;
  let imageBytes = 0;
  for (let network = 0; network < networks; network++) {
    for (const layer of layers) {
      const plan = layer.sampling[network];
      imageBytes += plan.channels * plan.height * plan.width * 4;
    }
  }
  return Math.max(1, Math.min(largestDefault, Math.floor(activationBudgetBytes / imageBytes)));
}

/** Refuses joint moments that would not fit in memory, before anything is allocated. */
export function requireMomentsFit(layers: readonly LayerPlan[], folds: number): void {
  let bytes = 0;
  for (const layer of layers) {
    const units = layer.sampling.reduce((sum, plan) => sum + plan.units, 0);
    bytes += folds * units * units * 12;
  }
  const limit = totalmem() * momentShare;
  if (bytes <= limit) return;
  const gib = (value: number) => (value / 2 ** 30).toFixed(1);
  throw new AppError(
    'not-available',
    `The moments of all compared units need ${gib(bytes)} GiB, more than ${gib(limit)} GiB of this machine's memory; ` +
      'compare fewer layers or networks at once, or use a sampling with fewer units than flatten.',
  );
}
