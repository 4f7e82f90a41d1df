import type { ColourMapName } from '#core/figure/colour/maps.ts';
import type { Tile } from '#core/ipc/areas/result.ts';
import type { CellWindow } from './tiles.ts';

export interface PlacedTile extends CellWindow {
  tile: Tile;
}

/** One picture to draw: tiles from coarse to fine, later ones over earlier ones. Sizes in device pixels. */
export interface HeatmapFrame {
  width: number;
  height: number;
  window: CellWindow;
  tiles: PlacedTile[];
  colours: ColourMapName;
  min: number;
  max: number;
  /** CSS colour where there is no tile yet. */
  ground: string;
}

/** Draws matrices as crisp cells. */
export interface Painter {
  readonly kind: 'webgl' | 'canvas';
  /** Draws the frame with its top left corner at (x, y) device pixels of the target. */
  paint(target: CanvasRenderingContext2D, x: number, y: number, frame: HeatmapFrame): void;
  /** Frees what was made for a tile. */
  forget(tile: Tile): void;
  dispose(): void;
}
