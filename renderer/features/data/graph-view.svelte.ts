import type { ModelInspection } from '#core/domain/network.ts';
import { scopeTree } from '#core/graph/scopes.ts';
import { firstOpen, scopesAround } from '#core/graph/visible-graph.ts';
import { box, drawingOf, stepFrom, type GraphBox, type GraphDrawing } from './graph-model.ts';

/** As many boxes as a person can take in; the rest is folded into its scopes at first. */
const shownAtFirst = 120;
const zooms = { least: 0.1, most: 2 };
/** Zoom from which the words of a box can be read. */
const readable = 0.8;
const margin = 24;

/** One model's graph on screen: what is open, what is chosen, and where the picture lies. */
export class GraphView {
  readonly model: ModelInspection;
  readonly #tree;
  readonly #captured: ReadonlyMap<string, string>;
  #open = $state.raw<ReadonlySet<string>>(new Set());
  #chosen = $state<string | null>(null);
  #size = $state.raw({ width: 0, height: 0 });
  #place = $state.raw({ x: 0, y: 0, zoom: 1 });

  constructor(model: ModelInspection, captured: ReadonlyMap<string, string>) {
    this.model = model;
    this.#captured = captured;
    this.#tree = scopeTree(model.nodes);
    this.#open = firstOpen(model.nodes, this.#tree, shownAtFirst);
  }

  readonly #drawing = $derived.by((): GraphDrawing =>
    drawingOf(this.model, this.#tree, this.#open, this.#captured),
  );
  get drawing(): GraphDrawing {
    return this.#drawing;
  }
  get place() {
    return this.#place;
  }
  get chosen(): GraphBox | null {
    return this.#boxOf(this.#chosen) ?? null;
  }
  get hasScopes(): boolean {
    return this.#tree.scopes.size > 0;
  }

  /** Boxes and lines that the window of the picture touches: a graph of thousands draws a screenful. */
  readonly #seen = $derived.by(() => {
    const { boxes, edges } = this.#drawing;
    const { x, y, zoom } = this.#place;
    const top = -y / zoom - box.height;
    const bottom = (this.#size.height - y) / zoom;
    const left = -x / zoom - box.width;
    const right = (this.#size.width - x) / zoom;
    return {
      boxes: boxes.filter((one) => one.y >= top && one.y <= bottom && one.x >= left && one.x <= right),
      edges: edges.filter((edge) => edge.bottom >= top && edge.top <= bottom),
    };
  });
  get seen() {
    return this.#seen;
  }

  /** The size of the pane; the first time, the graph is shown from its top in its own size. */
  resize(width: number, height: number): void {
    const before = this.#size.width;
    this.#size = { width, height };
    if (before === 0) this.#showTop(1);
    else this.pan((width - before) / 2, 0);
  }

  /** All of it, however small. */
  showWhole(): void {
    const { width, height } = this.#drawing;
    const fits = Math.min((this.#size.width - 2 * margin) / width, (this.#size.height - 2 * margin) / height);
    this.#showTop(clampZoom(Math.min(1, fits)));
  }

  #showTop(zoom: number): void {
    this.#place = { x: (this.#size.width - this.#drawing.width * zoom) / 2, y: margin, zoom };
  }

  pan(dx: number, dy: number): void {
    const { x, y, zoom } = this.#place;
    this.#place = { x: x + dx, y: y + dy, zoom };
  }

  /** Zooms about a point of the pane. */
  zoom(factor: number, atX = this.#size.width / 2, atY = this.#size.height / 2): void {
    const { x, y, zoom } = this.#place;
    const next = clampZoom(zoom * factor);
    const scale = next / zoom;
    this.#place = { x: atX - (atX - x) * scale, y: atY - (atY - y) * scale, zoom: next };
  }

  choose(id: string | null): void {
    this.#chosen = id;
  }

  /** A scope opens or closes; what then stands for it is chosen, and stays where it was on screen. */
  toggle(id: string): void {
    const before = this.#boxOf(`scope ${id}`);
    const open = new Set(this.#open);
    if (!open.delete(id)) open.add(id);
    this.#open = open;
    const first = before?.shown.members[0];
    const after =
      this.#boxOf(`scope ${id}`) ?? this.#drawing.boxes.find(({ shown }) => shown.members[0] === first);
    if (!after) return;
    this.choose(after.shown.id);
    if (!before) return this.bringIntoSight(after);
    const { zoom } = this.#place;
    this.pan((before.x - after.x) * zoom, (before.y - after.y) * zoom);
  }

  #boxOf(id: string | null): GraphBox | undefined {
    return this.#drawing.boxes.find(({ shown }) => shown.id === id);
  }

  /** Closes the scope that directly holds the chosen box. */
  closeAround(): void {
    const node = this.chosen?.shown.members[0];
    if (node === undefined) return;
    const innermost = scopesAround(node, this.#tree).find((id) => this.#open.has(id));
    if (innermost !== undefined) this.toggle(innermost);
  }

  step(key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight'): void {
    const { boxes } = this.#drawing;
    const at = boxes.findIndex((candidate) => candidate.shown.id === this.#chosen);
    const next = at < 0 ? 0 : stepFrom(this.#drawing, at, key);
    if (!boxes[next]) return;
    this.choose(boxes[next].shown.id);
    this.bringIntoSight(boxes[next]);
  }

  bringIntoSight({ x, y }: GraphBox): void {
    const { x: left, y: top, zoom } = this.#place;
    const [sx, sy] = [x * zoom + left, y * zoom + top];
    const { width, height } = this.#size;
    const isIn =
      sx >= margin &&
      sy >= margin &&
      sx + box.width * zoom <= width - margin &&
      sy + box.height * zoom <= height - margin;
    if (isIn) return;
    this.#place = {
      x: width / 2 - (x + box.width / 2) * zoom,
      y: height / 2 - (y + box.height / 2) * zoom,
      zoom,
    };
  }

  /** Model nodes whose operator, name or tensor holds the text. */
  find(text: string): number[] {
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return [];
    return this.model.nodes.flatMap(({ op, name, tensors }, index) =>
      [op, name, ...tensors].some((word) => word.toLowerCase().includes(wanted)) ? [index] : [],
    );
  }

  /** Opens what hides a node of the model, chooses it and brings it into sight. */
  goTo(node: number): void {
    const hidden = scopesAround(node, this.#tree);
    if (hidden.some((id) => !this.#open.has(id))) this.#open = new Set([...this.#open, ...hidden]);
    const found = this.#drawing.boxes.find((candidate) => candidate.shown.node === node);
    if (!found) return;
    this.choose(found.shown.id);
    // What was searched for is to be read: not in the small print of the whole graph.
    if (this.#place.zoom < readable) this.#place = { ...this.#place, zoom: 1 };
    this.bringIntoSight(found);
  }
}

function clampZoom(zoom: number): number {
  return Math.min(zooms.most, Math.max(zooms.least, zoom));
}
