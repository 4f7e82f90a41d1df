import type { Choice } from '../../app/choice.svelte.ts';
import { perNat, type InformationUnit } from '../../ui/information-unit.ts';
import { columnsOf, readColumns, usualColumns, writeColumns, type ColumnLook } from './pair-columns.ts';
import { filterRows } from './pairs-filter.ts';
import { columnKeys, type ColumnKey, type PairColumns } from './pairs-model.ts';
import type { MatchData, NullBand } from './read-pairs.ts';

/** What a person sets; kept with the project's view state. */
export type MatchOptions = {
  sortBy: string;
  isDescending: boolean;
  filter: string;
  columns: string;
  isOnlyGroup: boolean;
};

export const defaultOptions: MatchOptions = {
  sortBy: 'semiR',
  isDescending: true,
  filter: '',
  columns: writeColumns(usualColumns),
  isOnlyGroup: false,
};

const numbersOfUnits: readonly ColumnKey[] = ['unitA', 'matchB', 'semiB', 'miPartner', 'q'];

/** The table of pairs as it is sorted and filtered, and the order of the curves. */
export class MatchState {
  readonly options: MatchOptions;
  readonly #choice: Choice;
  readonly #information: () => InformationUnit;
  #data = $state.raw<MatchData | null>(null);

  constructor(options: MatchOptions, choice: Choice, information: () => InformationUnit) {
    this.options = options;
    this.#choice = choice;
    this.#information = information;
  }

  readonly #pairs = $derived.by(() => this.#data?.pairs.withInformation(perNat[this.#information()]) ?? null);
  readonly #columns = $derived.by(() =>
    this.#pairs ? columnsOf(this.#pairs, this.#choice.a, this.#choice.b, this.#information()) : [],
  );
  readonly #sorting = $derived.by(() => {
    const key = columnKeys.find((name) => name === this.options.sortBy && this.#pairs?.has(name));
    return { key: key ?? 'semiR', isDescending: this.options.isDescending };
  });
  readonly #sorted = $derived(this.#pairs ? this.#pairs.sorted(this.#sorting) : new Int32Array(0));
  readonly #found = $derived.by(() => {
    const pairs = this.#pairs;
    if (!pairs) return new Int32Array(0);
    const scope = { pairs, isInGroup: (row: number) => this.isInGroup(row) };
    const only = this.options.isOnlyGroup && this.#choice.group;
    return filterRows(scope, this.#sorted, `${this.options.filter} ${only ? 'group' : ''}`);
  });
  readonly #shown = $derived(this.#found ?? this.#sorted);
  /** The order of the curves: by semi-match, best first. */
  readonly #ranked = $derived(
    this.#pairs ? this.#pairs.sorted({ key: 'semiR', isDescending: true }) : new Int32Array(0),
  );
  readonly #chosenColumns = $derived.by((): ColumnLook[] => {
    const chosen = new Set(readColumns(this.options.columns));
    return this.#columns.filter(({ key }) => key === 'unitA' || chosen.has(key));
  });
  readonly #selectedRow = $derived.by(() => {
    const unit = this.#choice.units?.unitA ?? -1;
    return this.#pairs && unit >= 0 && unit < this.#pairs.rows ? unit : -1;
  });
  readonly #selectedAt = $derived(this.#selectedRow < 0 ? -1 : this.#shown.indexOf(this.#selectedRow));

  /** What information is shown in. */
  get information(): InformationUnit {
    return this.#information();
  }
  get pairs(): PairColumns | null {
    return this.#pairs;
  }
  get band(): NullBand | null {
    return this.#data?.band ?? null;
  }
  get shown(): Int32Array {
    return this.#shown;
  }
  get ranked(): Int32Array {
    return this.#ranked;
  }
  get columns(): ColumnLook[] {
    return this.#chosenColumns;
  }
  get allColumns(): ColumnLook[] {
    return this.#columns;
  }
  get sorting(): { key: ColumnKey; isDescending: boolean } {
    return this.#sorting;
  }
  get isFilterUnderstood(): boolean {
    return this.#found !== null;
  }
  /** Row of the selected unit of A, and its place among those shown; -1: none. */
  get selectedRow(): number {
    return this.#selectedRow;
  }
  get selectedAt(): number {
    return this.#selectedAt;
  }

  follow(data: MatchData): void {
    this.#data = data;
  }

  sortBy(key: ColumnKey): void {
    const isDescending =
      this.#sorting.key === key ? !this.#sorting.isDescending : !numbersOfUnits.includes(key);
    this.options.sortBy = key;
    this.options.isDescending = isDescending;
  }

  toggleColumn(key: ColumnKey): void {
    const chosen = readColumns(this.options.columns);
    const next = chosen.includes(key) ? chosen.filter((name) => name !== key) : [...chosen, key];
    this.options.columns = writeColumns(next);
  }

  /** The unit of A or its match. */
  isInGroup(row: number): boolean {
    const pairs = this.#pairs;
    if (!pairs) return false;
    const { a, b } = this.#choice;
    return (
      this.#choice.isInGroup(a, pairs.unit('unitA', row)) ||
      this.#choice.isInGroup(b, pairs.unit('matchB', row))
    );
  }

  /** The row's pair: with its match, else its semi-match. */
  pairOf(row: number): { unitA: number; unitB: number } {
    const match = this.#pairs?.unit('matchB', row) ?? -1;
    const unitA = this.#pairs?.unit('unitA', row) ?? row;
    return { unitA, unitB: match >= 0 ? match : (this.#pairs?.unit('semiB', row) ?? -1) };
  }
}
