import type { AxisLook } from '../../plots/heatmap/heatmap-content.ts';
import type { PanelAxis } from './panel-axes.ts';
import { orderWords, type OrderName } from '#core/domain/unit-orders.ts';

/** How an axis is written: by unit number, or by place with the unit's own number where there is room for it. */
export function axisLook(
  { side, units }: PanelAxis,
  network: string,
  order: OrderName,
  isMatched: boolean,
): AxisLook {
  const unitLabel = `unit of ${network}`;
  if (side === 'b' && isMatched)
    return { label: `${network}, place of its match`, unitLabel: `unit of ${network}, matched`, units };
  // Without a unit of B for every one of A, matched units of A stand first: still their own numbers.
  const isNatural = order === 'unit' && units.every((unit, at) => unit === at);
  return isNatural
    ? { label: unitLabel }
    : { label: `${network}, ${order === 'unit' ? 'place' : orderWords[order].axis}`, unitLabel, units };
}
