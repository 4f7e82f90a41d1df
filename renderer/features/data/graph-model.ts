import type { CapturableTensor, ModelInspection } from '#core/domain/network.ts';
import { layeredLayout, type GraphLayout } from '#core/graph/layered-layout.ts';
import { shownGraph, type ShownNode } from '#core/graph/visible-graph.ts';
import type { ScopeTree } from '#core/graph/scopes.ts';
import { formatShape, plural } from '../../ui/format.ts';

/** Sizes of the drawing, px at zoom 1. */
export const box = { width: 208, height: 40, gapX: 24, gapY: 24 };

/** One box of the drawing. */
export interface GraphBox {
  shown: ShownNode;
  x: number;
  y: number;
  /** First line: what it is; second line: shape and units, or the number of operators. */
  title: string;
  detail: string;
  /** Tensors that may be captured from it, and those that the run has captured with the layers' names. */
  tensors: CapturableTensor[];
  captured: string[];
}

export interface GraphDrawing {
  boxes: GraphBox[];
  edges: { from: number; to: number; path: string; top: number; bottom: number }[];
  width: number;
  height: number;
}

/** Boxes and lines of the graph with these scopes open. `captured`: layer name by tensor. */
export function drawingOf(
  model: ModelInspection,
  tree: ScopeTree,
  open: ReadonlySet<string>,
  captured: ReadonlyMap<string, string>,
): GraphDrawing {
  const graph = shownGraph(model.nodes, tree, open);
  const layout = layeredLayout(graph.nodes.length, graph.edges);
  const known = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const slots = [...layout.nodes.map(({ slot }) => slot), ...layout.edges.flatMap(({ bends }) => bends)];
  const left = Math.min(0, ...slots);
  const xOf = (slot: number) => (slot - left) * (box.width + box.gapX);
  const yOf = (rank: number) => rank * (box.height + box.gapY);
  const boxes = graph.nodes.map((shown, index): GraphBox => {
    const { slot, rank } = layout.nodes[index];
    const made = shown.members.flatMap((member) => model.nodes[member].tensors);
    const tensors = made.flatMap((name) => known.get(name) ?? []);
    return {
      ...{ shown, x: xOf(slot), y: yOf(rank), tensors },
      captured: made.flatMap((name) => captured.get(name) ?? []),
      ...wordsOf(model, shown, tensors),
    };
  });
  const right = Math.max(0, ...slots.map(xOf));
  return {
    boxes,
    edges: linesOf(layout, boxes, xOf, yOf),
    width: right + box.width,
    height: Math.max(0, yOf(layout.ranks) - box.gapY),
  };
}

function wordsOf(
  model: ModelInspection,
  { node, scope, members }: ShownNode,
  tensors: readonly CapturableTensor[],
): { title: string; detail: string } {
  if (scope) {
    const last = tensors[tensors.length - 1];
    const shape = last ? ` · ${shapeText(last)}` : '';
    return { title: scope.label, detail: `${plural(members.length, 'operator')}${shape}` };
  }
  const { op, name } = model.nodes[node ?? 0];
  if (op === 'Input') {
    const input = model.inputs.find((candidate) => candidate.name === name);
    return { title: name, detail: `Input · ${formatShape(input?.shape ?? [])}` };
  }
  return { title: op, detail: tensors[0] ? shapeText(tensors[0]) : 'not captured as activations' };
}

function shapeText({ shape, units }: CapturableTensor): string {
  const sides = formatShape(shape.slice(1));
  return units === null ? sides : `${plural(units, 'unit')}${shape.length > 2 ? ` · ${sides}` : ''}`;
}

function linesOf(
  layout: GraphLayout,
  boxes: readonly GraphBox[],
  xOf: (slot: number) => number,
  yOf: (rank: number) => number,
): GraphDrawing['edges'] {
  return layout.edges.map(({ from, to, bends }) => {
    const [source, target] = [boxes[from], boxes[to]];
    const middle = box.width / 2;
    const points: [number, number][] = [[source.x + middle, source.y + box.height]];
    bends.forEach((slot, index) => {
      const y = yOf(layout.nodes[from].rank + 1 + index);
      points.push([xOf(slot) + middle, y], [xOf(slot) + middle, y + box.height]);
    });
    points.push([target.x + middle, target.y]);
    const ys = points.map(([, y]) => y);
    return { from, to, path: curve(points), top: Math.min(...ys), bottom: Math.max(...ys) };
  });
}

/** Straight between equal x, else an S from one to the next. */
function curve(points: readonly [number, number][]): string {
  return points
    .map(([x, y], index) => {
      if (index === 0) return `M${x} ${y}`;
      const [px, py] = points[index - 1];
      if (px === x) return `L${x} ${y}`;
      const middle = (py + y) / 2;
      return `C${px} ${middle} ${x} ${middle} ${x} ${y}`;
    })
    .join('');
}

/** The box that a step of the arrow keys leads to: along edges up and down, to the nearest of the rank sideways. */
export function stepFrom(
  { boxes, edges }: GraphDrawing,
  at: number,
  key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight',
): number {
  const { x, y } = boxes[at];
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const ends = edges.flatMap(({ from, to }) =>
      key === 'ArrowDown' ? (from === at ? [to] : []) : to === at ? [from] : [],
    );
    return ends.sort((one, other) => Math.abs(boxes[one].x - x) - Math.abs(boxes[other].x - x))[0] ?? at;
  }
  const side = key === 'ArrowRight' ? 1 : -1;
  const beside = boxes.flatMap((other, index) => (other.y === y && (other.x - x) * side > 0 ? [index] : []));
  return beside.sort((one, other) => Math.abs(boxes[one].x - x) - Math.abs(boxes[other].x - x))[0] ?? at;
}
