import { CanvasView, type CanvasFrame } from '../../plots/dendrogram/canvas-view.ts';
import { frameInsets, laneEdges, laneWidthPixels } from './joint-layout.ts';
import type { Run } from './partition.ts';

/** The strip beside the matrix: which cluster and which network every row is of, and which rows are selected. */
export interface LanesContent {
  from: number;
  to: number;
  runs: readonly Run[];
  selected: ReadonlySet<number>;
  /** Network of the row at a place, and whether it is in the selected group. */
  networkAt: (place: number) => number;
  isSelectedAt: (place: number) => boolean;
  /** Places of selected units. */
  marked: readonly number[];
  hover: number | null;
  /** Colours of the networks, in the order of the lanes. */
  colours: readonly string[];
  places: number;
}

const numberFrom = 12;

export class LanesView extends CanvasView<LanesContent> {
  placeAt(y: number): number | null {
    if (!this.content) return null;
    const { from, to, places } = this.content;
    const share = (y - frameInsets.top) / this.#rowsHeight;
    const place = Math.floor(from + share * (to - from));
    return share < 0 || share >= 1 || place >= places ? null : place;
  }

  get #rowsHeight(): number {
    return Math.max(1, this.canvas.clientHeight - frameInsets.top - frameInsets.bottom);
  }

  protected paint(frame: CanvasFrame, content: LanesContent): void {
    const { target, width } = frame;
    target.save();
    target.beginPath();
    target.rect(0, frameInsets.top, width, this.#rowsHeight);
    target.clip();
    this.#paintClusters(frame, content);
    this.#paintNetworks(frame, content);
    this.#paintMarked(frame, content);
    target.restore();
    this.canvas.dataset.drawn = String(content.runs.length);
  }

  /** Neighbouring clusters in two greys, their numbers where there is room. */
  #paintClusters({ target, ink }: CanvasFrame, { runs, selected, from, to }: LanesContent): void {
    const pixels = this.#rowsHeight / (to - from);
    const width = laneEdges(0)[0] - 4;
    target.font = '11px "Inter Variable", sans-serif';
    target.textAlign = 'center';
    target.textBaseline = 'middle';
    runs.forEach(({ label, first, end }, at) => {
      const y = frameInsets.top + (first - from) * pixels;
      const height = (end - first) * pixels;
      const isSelected = selected.has(label);
      target.fillStyle = isSelected ? ink('--accent') : at % 2 === 0 ? ink('--hover') : ink('--line');
      target.fillRect(0, y, width, height - (height > 4 ? 1 : 0));
      const [top, bottom] = [
        Math.max(y, frameInsets.top),
        Math.min(y + height, frameInsets.top + this.#rowsHeight),
      ];
      if (bottom - top < numberFrom) return;
      target.fillStyle = isSelected ? ink('--on-accent') : ink('--text');
      target.fillText(String(label + 1), width / 2, (top + bottom) / 2);
    });
  }

  /** A tick in its network's lane for every row; of rows finer than a pixel, the share that is of the network. */
  #paintNetworks({ target, ink, ratio }: CanvasFrame, content: LanesContent): void {
    const { from, to, colours, networkAt, isSelectedAt, places } = content;
    const edges = laneEdges(colours.length);
    const steps = Math.min(Math.round(this.#rowsHeight * ratio), Math.ceil(to) - Math.floor(from));
    const perStep = (to - from) / steps;
    const height = this.#rowsHeight / steps;
    const counts = new Float64Array(colours.length + 1);
    const inks = [...colours, ink('--accent')];
    target.fillStyle = ink('--panel');
    edges.forEach((x) => target.fillRect(x, frameInsets.top, laneWidthPixels - 2, this.#rowsHeight));
    for (let step = 0; step < steps; step++) {
      counts.fill(0);
      const first = Math.floor(from + step * perStep + 1e-9);
      const end = Math.min(places, Math.max(first + 1, Math.floor(from + (step + 1) * perStep + 1e-9)));
      for (let place = first; place < end; place++) {
        counts[networkAt(place)]++;
        if (isSelectedAt(place)) counts[colours.length]++;
      }
      const y = frameInsets.top + (first - from) * (this.#rowsHeight / (to - from));
      counts.forEach((count, lane) => {
        if (count === 0) return;
        target.globalAlpha = 0.25 + (0.75 * count) / Math.max(1, end - first);
        target.fillStyle = inks[lane];
        target.fillRect(edges[lane], y, laneWidthPixels - 2, Math.max(1, height - (height > 5 ? 1 : 0)));
      });
    }
    target.globalAlpha = 1;
  }

  #paintMarked({ target, ink, width }: CanvasFrame, { marked, hover, from, to }: LanesContent): void {
    const pixels = this.#rowsHeight / (to - from);
    for (const place of hover === null ? marked : [...marked, hover]) {
      const y = frameInsets.top + (place + 0.5 - from) * pixels;
      target.strokeStyle = ink('--text');
      target.lineWidth = place === hover ? 1 : 1.5;
      target.strokeRect(laneEdges(0)[0] - 2, y - Math.max(3, pixels / 2), width, Math.max(6, pixels));
    }
  }
}
