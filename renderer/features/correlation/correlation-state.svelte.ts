import type { ColourMapName } from '#core/figure/colour/maps.ts';
import type { Cell } from '../../plots/heatmap/heatmap-view.ts';
import { createPainter } from '../../plots/heatmap/create-painter.ts';
import { CanvasPainter } from '../../plots/heatmap/canvas-painter.ts';
import { LinkedViewport, type PanelName } from '../../plots/heatmap/linked-viewport.ts';
import { TileCache, tileBudgetBytes } from '../../plots/heatmap/matrix-source.ts';
import type { Painter } from '../../plots/heatmap/painter.ts';
import type { PairMatrices } from './pair-matrices.svelte.ts';
import type { UnitPair } from '../../app/choice.svelte.ts';

/** What the cursor points at. `value` is undefined while its tile is on the way. */
export interface Pointed {
  panel: PanelName;
  cell: Cell;
  value: number | undefined;
}

export type ColourChoice = 'diverging' | 'paper-grey';

/** Transient state of the correlation view: zoom, colours, cursor. Nothing of it is stored. */
export class CorrelationState {
  readonly cache: TileCache;
  #painter = $state.raw<Painter>()!;
  #viewport = $state.raw(new LinkedViewport(1, 1));
  #pointed = $state.raw<Pointed | null>(null);
  #colours = $state<ColourChoice>('diverging');
  #limit = $state(1);
  #matrices = $state.raw<PairMatrices | null>(null);

  constructor() {
    this.#painter = createPainter(() => {
      this.#painter = new CanvasPainter();
    });
    this.cache = new TileCache(tileBudgetBytes, (tile) => this.#painter.forget(tile));
  }

  get painter(): Painter {
    return this.#painter;
  }
  get viewport(): LinkedViewport {
    return this.#viewport;
  }
  get pointed(): Pointed | null {
    return this.#pointed;
  }
  get colours(): ColourChoice {
    return this.#colours;
  }
  set colours(colours: ColourChoice) {
    this.#colours = colours;
  }
  get colourMap(): ColourMapName {
    return this.#colours;
  }
  /** Largest absolute value that has a colour of its own; 0 takes each end from the data. */
  get limit(): number {
    return this.#limit;
  }
  set limit(limit: number) {
    this.#limit = limit;
  }

  /** One range for the four panels, so that their colours can be compared. */
  readonly #range = $derived.by(() => {
    if (this.#limit > 0) return { min: -this.#limit, max: this.#limit };
    const infos = Object.values(this.#matrices?.sources ?? {}).map((source) => source.info);
    if (infos.length === 0) return { min: -1, max: 1 };
    const min = Math.min(...infos.map((info) => info.min));
    const max = Math.max(...infos.map((info) => info.max));
    // A diverging map stays centred at 0.
    const largest = Math.max(Math.abs(min), Math.abs(max)) || 1;
    if (this.#colours === 'diverging') return { min: -largest, max: largest };
    return max > min ? { min, max } : { min: min - 1, max: max + 1 };
  });
  get range(): { min: number; max: number } {
    return this.#range;
  }

  follow(matrices: PairMatrices): void {
    this.#matrices = matrices;
    this.#viewport = new LinkedViewport(matrices.unitsA, matrices.unitsB);
    this.#pointed = null;
  }

  move(viewport: LinkedViewport): void {
    this.#viewport = viewport;
  }

  point(pointed: Pointed | null): void {
    this.#pointed = pointed;
  }

  dispose(): void {
    this.cache.clear();
    this.#painter.dispose();
  }
}

/** The units of a cell. In panels a and b both are of the same network. */
export function unitsOfCell(
  panel: PanelName,
  cell: Cell,
  matrices: PairMatrices,
): { row: number; col: number } {
  if (panel !== 'permuted' || !matrices.order) return cell;
  return { row: matrices.order.rows[cell.row], col: matrices.order.cols[cell.col] };
}

/** Where a pair of units lies in a panel; null where that panel does not show pairs of A and B. */
export function cellOfUnits(panel: PanelName, units: UnitPair, matrices: PairMatrices): Cell | null {
  if (panel === 'between') return { row: units.unitA, col: units.unitB };
  if (panel !== 'permuted' || !matrices.order) return null;
  return { row: matrices.order.rows.indexOf(units.unitA), col: matrices.order.cols.indexOf(units.unitB) };
}
