import type { PairTable } from '#core/ipc/areas/result.ts';
import { filterRows, pairRows, sortRows, type PairRow, type SortKey, type Sorting } from './pairs-model.ts';

/** Sorting and filter of the table of pairs; transient. */
export class MatchState {
  #rows = $state.raw<PairRow[]>([]);
  #sorting = $state.raw<Sorting>({ key: 'semiValue', isDescending: true });
  filter = $state('');

  readonly #found = $derived(filterRows(this.#rows, this.filter));
  readonly #shown = $derived(sortRows(this.#found ?? this.#rows, this.#sorting));
  /** The order of the curves: by semi-match, best first. */
  readonly #ranked = $derived(sortRows(this.#rows, { key: 'semiValue', isDescending: true }));

  get rows(): PairRow[] {
    return this.#rows;
  }
  get shown(): PairRow[] {
    return this.#shown;
  }
  get ranked(): PairRow[] {
    return this.#ranked;
  }
  get sorting(): Sorting {
    return this.#sorting;
  }
  get isFilterUnderstood(): boolean {
    return this.#found !== null;
  }

  follow(table: PairTable): void {
    this.#rows = pairRows(table);
  }

  sortBy(key: SortKey): void {
    const isNumberOfUnit = key === 'unitA' || key === 'matchB' || key === 'semiB';
    const isDescending = this.#sorting.key === key ? !this.#sorting.isDescending : !isNumberOfUnit;
    this.#sorting = { key, isDescending };
  }
}
