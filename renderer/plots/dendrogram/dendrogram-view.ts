import { formatTick, niceTicks } from '#core/figure/ticks.ts';
import { CanvasView, type CanvasFrame } from './canvas-view.ts';
import { dendrogramLines } from './dendrogram-lines.ts';
import type { LinkageTree } from './linkage-tree.ts';

/** Everything a dendrogram shows: its root at the left, its leaves at the right, a row each. */
export interface DendrogramContent {
  tree: LinkageTree;
  /** Places shown, ends need not be whole. */
  from: number;
  to: number;
  /** Room above and below the rows, in CSS pixels. */
  top: number;
  bottom: number;
  /** Where the tree is cut, and whether that is the cut that is looked at. */
  cut: number;
  isCut: boolean;
  /** A subtree under the cursor, and which ones are selected. */
  hover: number;
  selected: ReadonlySet<number>;
}

/** Subtrees smaller than this are drawn as wedges. */
const leastPixels = 1.5;
const inset = { left: 8, right: 2 };

export class DendrogramView extends CanvasView<DendrogramContent> {
  /** The height under a point, 0 at the leaves and never below. */
  heightAt(x: number): number {
    if (!this.content) return 0;
    const { left, width } = this.#span();
    return Math.max(0, (1 - (x - left) / width) * this.#highest(this.content.tree));
  }

  /** The place under a point; null above and below the rows. */
  placeAt(y: number): number | null {
    if (!this.content) return null;
    const { from, to, top, bottom, tree } = this.content;
    const share = (y - top) / Math.max(1, this.canvas.clientHeight - top - bottom);
    const place = Math.floor(from + share * (to - from));
    return share < 0 || share >= 1 || place >= tree.n ? null : place;
  }

  protected paint(frame: CanvasFrame, content: DendrogramContent): void {
    const { target, height, ink } = frame;
    const { tree, from, to, top, bottom } = content;
    const pixels = (height - top - bottom) / (to - from);
    const yOf = (place: number) => top + (place - from) * pixels;
    const lines = dendrogramLines(tree, from, to, leastPixels / pixels);
    target.save();
    target.beginPath();
    target.rect(0, top, frame.width, height - top - bottom);
    target.clip();
    const x0 = this.#xOf(0);
    for (const { node, first, end, height: at } of lines.wedges) {
      target.fillStyle = this.#inkOf(node, content, ink);
      const x = this.#xOf(at);
      target.fillRect(x, yOf(first), Math.max(1, x0 - x), Math.max(0.75, (end - first) * pixels - 0.25));
    }
    target.lineWidth = 1;
    for (const { node, height: at, middles, heights } of lines.merges) {
      target.strokeStyle = this.#inkOf(node, content, ink);
      target.lineWidth = node === content.hover ? 2 : 1;
      const x = this.#xOf(at);
      target.beginPath();
      target.moveTo(this.#xOf(heights[0]), yOf(middles[0]));
      target.lineTo(x, yOf(middles[0]));
      target.lineTo(x, yOf(middles[1]));
      target.lineTo(this.#xOf(heights[1]), yOf(middles[1]));
      target.stroke();
    }
    target.restore();
    this.#paintAxis(frame, content);
    this.#paintCut(frame, content);
    this.canvas.dataset.drawn = String(lines.merges.length + lines.wedges.length);
  }

  /** Lines above the cut are quiet: they join what the cut keeps apart. */
  #inkOf(node: number, content: DendrogramContent, ink: CanvasFrame['ink']): string {
    const { tree, cut, isCut, hover, selected } = content;
    const isUnder = (root: number) =>
      tree.first[root] <= tree.first[node] && tree.end[node] <= tree.end[root] && node <= root;
    if (hover >= 0 && isUnder(hover)) return ink('--accent');
    for (const root of selected) if (isUnder(root)) return ink('--accent');
    return isCut && tree.height[node] > cut ? ink('--line-strong') : ink('--text');
  }

  #paintAxis({ target, height, ink }: CanvasFrame, { tree, bottom }: DendrogramContent): void {
    const { left, width } = this.#span();
    const y = height - bottom;
    target.strokeStyle = ink('--line-strong');
    target.fillStyle = ink('--quiet');
    target.font = '11px "Inter Variable", sans-serif';
    target.textAlign = 'center';
    target.textBaseline = 'top';
    target.lineWidth = 1;
    target.beginPath();
    target.moveTo(left, y + 0.5);
    target.lineTo(left + width, y + 0.5);
    const highest = this.#highest(tree);
    const { values, step } = niceTicks(0, highest, Math.max(3, Math.floor(width / 36)));
    for (const value of values) {
      const x = Math.round(this.#xOf(value)) - 0.5;
      target.moveTo(x, y);
      target.lineTo(x, y + 4);
      target.fillText(formatTick(value, step), Math.max(8, x - (value === 0 ? 3 : 0)), y + 6);
    }
    target.stroke();
    target.fillText('Ward distance', left + width / 2, y + 20);
  }

  #paintCut({ target, height, ink }: CanvasFrame, { top, bottom, cut, isCut }: DendrogramContent): void {
    const at = Math.round(this.#xOf(cut)) + 0.5;
    target.strokeStyle = target.fillStyle = ink(isCut ? '--accent' : '--line-strong');
    target.lineWidth = 1.5;
    target.setLineDash([4, 3]);
    target.beginPath();
    target.moveTo(at, top - 4);
    target.lineTo(at, height - bottom);
    target.stroke();
    target.setLineDash([]);
    target.beginPath();
    target.roundRect(at - 5, top - 14, 10, 12, 2);
    target.fill();
    target.strokeStyle = ink('--ground');
    target.lineWidth = 1;
    target.beginPath();
    for (const dx of [-1.5, 1.5]) {
      target.moveTo(at + dx, top - 11);
      target.lineTo(at + dx, top - 5);
    }
    target.stroke();
  }

  #xOf(height: number): number {
    const { left, width } = this.#span();
    return left + (1 - height / this.#highest(this.content?.tree)) * width;
  }

  #span(): { left: number; width: number } {
    return { left: inset.left, width: Math.max(1, this.canvas.clientWidth - inset.left - inset.right) };
  }

  #highest(tree: LinkageTree | undefined): number {
    return (tree && tree.n > 1 && tree.height[tree.root] * 1.06) || 1;
  }
}
