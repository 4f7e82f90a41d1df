import type { ColourMapName } from '#core/figure/colour/maps.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { Brush, Cell } from '../../plots/heatmap/heatmap-content.ts';
import { createPainter } from '../../plots/heatmap/create-painter.ts';
import { CanvasPainter } from '../../plots/heatmap/canvas-painter.ts';
import { LinkedViewport, panelNames, type PanelName } from '../../plots/heatmap/linked-viewport.ts';
import { TileCache, tileBudgetBytes } from '../../plots/heatmap/matrix-source.ts';
import type { Painter } from '../../plots/heatmap/painter.ts';
import { quadAxes, unitsOfCell, type CellUnits } from './panel-axes.ts';
import { sourcesOf, type PairMatrices } from './pair-matrices.ts';
import { orderNames, unitOrder, type OrderName } from '#core/domain/unit-orders.ts';

/** What the cursor points at. `value` is undefined while its tile is on the way. */
export interface Pointed {
  panel: PanelName;
  cell: Cell;
  value: number | undefined;
}

export type ColourChoice = 'diverging' | 'paper-grey';

/** What a person sets; kept with the project's view state. */
export type CorrelationOptions = {
  order: OrderName;
  colours: ColourChoice;
  /** Largest absolute value that has a colour of its own; 0 takes each end from the data. */
  limit: number;
  panels: PanelName | 'all';
  isDimmed: boolean;
};

export const defaultOptions: CorrelationOptions = {
  order: 'unit',
  colours: 'diverging',
  limit: 1,
  panels: 'all',
  isDimmed: false,
};

/** The pictures of one pair and layer: what is shown in which order, and the transient zoom, cursor and brush. */
export class CorrelationState {
  readonly cache: TileCache;
  readonly options: CorrelationOptions;
  readonly #client: Client;
  #painter = $state.raw<Painter>()!;
  #viewport = $state.raw(new LinkedViewport(1, 1));
  #pointed = $state.raw<Pointed | null>(null);
  #pointedIn = $state<OrderName | null>(null);
  #matrices = $state.raw<PairMatrices | null>(null);
  #brush = $state.raw<{ panel: PanelName; brush: Brush } | null>(null);

  constructor(client: Client, options: CorrelationOptions) {
    this.#client = client;
    this.options = options;
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
  /** Null once the pictures stand in another order: then it is another cell. */
  get pointed(): Pointed | null {
    return this.#pointedIn === this.#arranged?.order.name ? this.#pointed : null;
  }
  get brush(): { panel: PanelName; brush: Brush } | null {
    return this.#brush;
  }
  get matrices(): PairMatrices | null {
    return this.#matrices;
  }
  get colourMap(): ColourMapName {
    return this.options.colours;
  }

  /** The orders that this run has what they need for. */
  readonly #possible = $derived(
    orderNames.filter((name) => this.#matrices && unitOrder(name, this.#matrices.facts) !== null),
  );
  get possibleOrders(): OrderName[] {
    return this.#possible;
  }

  /** The chosen order, or by number where this pair or layer lacks what it needs. */
  readonly #arranged = $derived.by(() => {
    const matrices = this.#matrices;
    if (!matrices) return null;
    const order = unitOrder(this.options.order, matrices.facts) ?? unitOrder('unit', matrices.facts);
    if (!order) return null;
    const axes = quadAxes(order, matrices.facts);
    return { order, axes, sources: sourcesOf(this.#client, this.cache, matrices, order, axes) };
  });
  get arranged() {
    return this.#arranged;
  }

  /** The units at the cursor. */
  readonly #pointedUnits = $derived.by((): CellUnits | null => {
    const pointed = this.pointed;
    const axes = pointed && this.#arranged?.axes[pointed.panel];
    return axes ? unitsOfCell(axes, pointed.cell) : null;
  });
  get pointedUnits(): CellUnits | null {
    return this.#pointedUnits;
  }

  /** One range for the four panels, so that their colours can be compared. */
  readonly #range = $derived.by(() => {
    const { limit, colours } = this.options;
    if (limit > 0) return { min: -limit, max: limit };
    const infos = Object.values(this.#matrices?.infos ?? {});
    if (infos.length === 0) return { min: -1, max: 1 };
    const min = Math.min(...infos.map((info) => info.min));
    const max = Math.max(...infos.map((info) => info.max));
    // A diverging map stays centred at 0.
    const largest = Math.max(Math.abs(min), Math.abs(max)) || 1;
    if (colours === 'diverging') return { min: -largest, max: largest };
    return max > min ? { min, max } : { min: min - 1, max: max + 1 };
  });
  get range(): { min: number; max: number } {
    return this.#range;
  }

  /** The one panel that is shown large; null: all four. */
  get only(): PanelName | null {
    const { panels } = this.options;
    return panelNames.find((name) => name === panels) ?? null;
  }

  toggleOnly(panel: PanelName): void {
    this.options.panels = this.only === null ? panel : 'all';
  }

  follow(matrices: PairMatrices): void {
    this.#matrices = matrices;
    this.#viewport = new LinkedViewport(matrices.facts.unitsA, matrices.facts.unitsB);
    this.#pointed = null;
    this.#brush = null;
  }

  move(viewport: LinkedViewport): void {
    this.#viewport = viewport;
  }

  point(pointed: Pointed | null): void {
    this.#pointed = pointed;
    this.#pointedIn = this.#arranged?.order.name ?? null;
  }

  mark(panel: PanelName, brush: Brush | null): void {
    this.#brush = brush && { panel, brush };
  }

  dispose(): void {
    this.cache.clear();
    this.#painter.dispose();
  }
}
