import { addSource, createSpanBasis, type Work } from '#core/numeric/neighbourhoods/span-basis.ts';
import type { UnitCosines } from '#core/numeric/neighbourhoods/uncentred-cosines.ts';

/** What `spanResiduals` gives, from a basis that the sources are added to one at a time. */
export function smallSpanResiduals(
  cosines: UnitCosines,
  targets: Int32Array,
  sources: Int32Array,
  work: Work,
): Float64Array {
  const units = Int32Array.of(...targets, ...sources);
  const basis = createSpanBasis(sources.length, units.length);
  for (let k = targets.length; k < units.length; k++) addSource(basis, cosines, units, k, work);
  return basis.left.slice(0, targets.length).map((square) => Math.sqrt(Math.max(0, square)));
}
