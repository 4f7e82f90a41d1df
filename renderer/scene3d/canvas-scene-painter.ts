import { markPaths } from '../ui/mark-paths.ts';
import { place, type Lens } from '#core/scene3d/camera.ts';
import type { SceneFrame, ScenePainter } from './painter.ts';
import { emphasis, rgbOf, shapeOrder } from '#core/scene3d/scene-data.ts';
import { faintAlpha, fogAt } from '#core/scene3d/looks.ts';
import {
  frameSegments,
  hullBodies,
  linkSegments,
  type Bodies,
  type Segments,
} from '#core/scene3d/scene-parts.ts';

/** Draws scenes on the processor, where WebGL is missing: the same marks at the same places, without glass. */
export class CanvasScenePainter implements ScenePainter {
  readonly kind = 'canvas';
  readonly #canvas: HTMLCanvasElement;
  readonly #paths = new Map<number, Path2D>();

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  paint(frame: SceneFrame): void {
    const { scene, lens, inks, ratio } = frame;
    const target = this.#canvas.getContext('2d', { alpha: false });
    if (!target) return;
    if (this.#canvas.width !== lens.width) this.#canvas.width = lens.width;
    if (this.#canvas.height !== lens.height) this.#canvas.height = lens.height;
    target.save();
    target.setTransform(1, 0, 0, 1, 0, 0);
    target.fillStyle = inks.ground;
    target.fillRect(0, 0, lens.width, lens.height);
    drawBodies(target, hullBodies(scene), lens);
    drawSegments(target, frameSegments(scene, lens, inks), lens, ratio);
    drawSegments(target, linkSegments(scene, inks), lens, ratio);
    this.#drawMarks(target, frame);
    target.restore();
  }

  dispose(): void {
    this.#paths.clear();
  }

  #drawMarks(target: CanvasRenderingContext2D, { scene, placed, inks, ratio, hover }: SceneFrame): void {
    const { marks } = scene;
    const ground = rgbOf(inks.ground);
    for (const i of placed.order) {
      const isStrong = marks.emphasis[i] === emphasis.selected || i === hover;
      const size = marks.size * placed.scale[i] * ratio * (isStrong ? 1.25 : 1);
      const fog = isStrong ? 0 : fogAt(placed.depth[i]);
      const ink = [0, 1, 2].map((k) => marks.colour[3 * i + k] * (1 - fog) + ground[k] * fog);
      target.globalAlpha = marks.emphasis[i] === emphasis.faint && !isStrong ? faintAlpha : 1;
      target.setTransform(size / 10, 0, 0, size / 10, placed.x[i] - 0.6 * size, placed.y[i] - 0.6 * size);
      const path = this.#path(marks.shape[i]);
      target.lineWidth = (20 * ratio) / size;
      target.strokeStyle = inks.ground;
      target.stroke(path);
      target.fillStyle = `rgb(${ink.join(' ')})`;
      target.fill(path, 'evenodd');
      target.setTransform(1, 0, 0, 1, 0, 0);
      if (!isStrong) continue;
      target.beginPath();
      target.arc(placed.x[i], placed.y[i], size / 2 + 3 * ratio, 0, 2 * Math.PI);
      target.lineWidth = 1.8 * ratio;
      target.strokeStyle = i === hover ? inks.text : inks.accent;
      target.stroke();
    }
    target.globalAlpha = 1;
  }

  #path(shape: number): Path2D {
    const known = this.#paths.get(shape);
    if (known) return known;
    const path = new Path2D(markPaths[shapeOrder[shape]]);
    this.#paths.set(shape, path);
    return path;
  }
}

function drawSegments(
  target: CanvasRenderingContext2D,
  { count, ends, sides, ink, width }: Segments,
  lens: Lens,
  ratio: number,
): void {
  for (let i = 0; i < count; i++) {
    const from = place(lens, ends[6 * i], ends[6 * i + 1], ends[6 * i + 2], sides[2 * i]);
    const to = place(lens, ends[6 * i + 3], ends[6 * i + 4], ends[6 * i + 5], sides[2 * i + 1]);
    const fade = 1 - 1.15 * fogAt((from.depth + to.depth) / 2);
    const [red, green, blue, alpha] = ink.subarray(4 * i, 4 * i + 4);
    target.strokeStyle = `rgb(${red} ${green} ${blue} / ${((alpha / 255) * fade).toFixed(3)})`;
    target.lineWidth = width[i] * ratio;
    target.beginPath();
    target.moveTo(from.x, from.y);
    target.lineTo(to.x, to.y);
    target.stroke();
  }
}

function drawBodies(target: CanvasRenderingContext2D, { corners, sides, ink }: Bodies, lens: Lens): void {
  for (let corner = 0; corner < sides.length; corner += 3) {
    target.beginPath();
    for (let at = corner; at < corner + 3; at++) {
      const { x, y } = place(lens, corners[3 * at], corners[3 * at + 1], corners[3 * at + 2], sides[at]);
      target.lineTo(x, y);
    }
    const [red, green, blue, alpha] = ink.subarray(4 * corner, 4 * corner + 4);
    target.fillStyle = `rgb(${red} ${green} ${blue} / ${(alpha / 255).toFixed(3)})`;
    target.fill();
  }
}
