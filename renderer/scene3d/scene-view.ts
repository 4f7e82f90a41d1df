import {
  between,
  isSameCamera,
  lensOf,
  orbited,
  panned,
  zoomed,
  type Camera,
  type Lens,
} from '#core/scene3d/camera.ts';
import { createScenePainter } from './create-scene-painter.ts';
import { placeLabels, type PlacedLabel } from '#core/scene3d/labels.ts';
import type { ScenePainter } from './painter.ts';
import { marksWithin, pickMark, placeMarks, type PlacedMarks } from '#core/scene3d/placed-marks.ts';
import { emptyScene, type SceneData, type SceneInks } from '#core/scene3d/scene-data.ts';

/** What the host is told after every drawing; lengths in CSS pixels. */
export interface Drawn {
  labels: PlacedLabel[];
  painter: 'webgl' | 'canvas';
  camera: Camera;
}

export interface SceneHost {
  /** No moves: everything is at its end at once. */
  isStill: () => boolean;
  inks: () => SceneInks;
  onDrawn: (drawn: Drawn) => void;
  /** The camera has come to rest where a person left it. */
  onCamera: (camera: Camera) => void;
  /** The driver took WebGL away (asleep, updated, out of memory): a new canvas is needed, drawn without it. */
  onLost: () => void;
}

/** An eased move of the camera, and of marks from one frame to another. */
const cameraMoveMs = 200;
const marksMoveMs = 600;
/** After a drag the scene turns on and slows to 1/e within this time. */
const inertiaMs = 110;
const leastSpeed = 0.01;

interface Move {
  startMs: number;
  lengthMs: number;
}
interface MarksMove extends Move {
  from: Float32Array;
  to: Float32Array;
  fromApart: number;
}
interface Spin {
  azimuth: number;
  elevation: number;
  atMs: number;
}

/**
 * A scene in a canvas. Draws on demand: a frame is asked for by a change, by an eased move or by the turning on after
 * a drag, and by nothing else.
 */
export class SceneView {
  readonly #canvas: HTMLCanvasElement;
  readonly #host: SceneHost;
  readonly #isPlain: boolean;
  #painter: ScenePainter | null = null;
  #scene: SceneData = emptyScene;
  #camera: Camera;
  #hover = -1;
  #version = 0;
  #request = 0;
  #isDisposed = false;
  #placed: PlacedMarks | undefined;
  #placedDevice: PlacedMarks | undefined;
  /** Frames apart, as drawn now. */
  #apart = 0;
  #marksMove: MarksMove | null = null;
  #cameraMove: (Move & { from: Camera; to: Camera }) | null = null;
  #spin: Spin | null = null;
  #isDragged = false;

  /** @param isPlain draws on the processor, even where there is WebGL */
  constructor(canvas: HTMLCanvasElement, camera: Camera, host: SceneHost, isPlain = false) {
    this.#canvas = canvas;
    this.#camera = camera;
    this.#host = host;
    this.#isPlain = isPlain;
  }

  get camera(): Camera {
    return this.#camera;
  }
  get scene(): SceneData {
    return this.#scene;
  }
  get isMoving(): boolean {
    return this.#marksMove !== null || this.#cameraMove !== null || this.#spin !== null;
  }

  /** Shows another scene. Where it has the same marks at other places they move there, unless nothing may move. */
  update(scene: SceneData, hasSameMarks: boolean): void {
    const before = this.#scene.marks;
    const from = before.positions;
    const isMove =
      hasSameMarks &&
      before.count === scene.marks.count &&
      !this.#host.isStill() &&
      (scene.apart !== this.#scene.apart || differ(from, this.#marksMove?.to ?? from, scene.marks.positions));
    this.#version++;
    if (isMove) {
      const to = scene.marks.positions;
      const positions = from.slice();
      this.#scene = { ...scene, marks: { ...scene.marks, positions } };
      this.#marksMove = {
        from: from.slice(),
        to,
        fromApart: this.#apart,
        startMs: performance.now(),
        lengthMs: marksMoveMs,
      };
    } else if (
      this.#marksMove &&
      hasSameMarks &&
      before.count === scene.marks.count &&
      !this.#host.isStill()
    ) {
      // On its way already: the marks look different, but go where they went.
      this.#scene = { ...scene, marks: { ...scene.marks, positions: from } };
    } else {
      this.#scene = scene;
      this.#marksMove = null;
      this.#apart = scene.apart;
    }
    this.draw();
  }

  /** Looks from elsewhere, by an eased move. */
  look(camera: Camera): void {
    this.#spin = null;
    const current = this.#cameraMove?.to ?? this.#camera;
    if (isSameCamera(camera, current)) return;
    if (this.#host.isStill() || isNear(camera, current)) this.#camera = camera;
    else
      this.#cameraMove = {
        from: this.#camera,
        to: camera,
        startMs: performance.now(),
        lengthMs: cameraMoveMs,
      };
    this.draw();
  }

  /** Turns by degrees, at once: a drag. */
  orbit(azimuth: number, elevation: number): void {
    this.#stop();
    this.#isDragged = true;
    this.#camera = orbited(this.#camera, azimuth, elevation);
    this.#spin = { azimuth, elevation, atMs: performance.now() };
    this.draw();
  }

  pan(dx: number, dy: number): void {
    this.#stop();
    this.#isDragged = true;
    this.#spin = null;
    this.#camera = panned(this.#camera, this.#lens(1), dx, dy);
    this.draw();
  }

  zoom(factor: number): void {
    this.#stop();
    this.#camera = zoomed(this.#camera, factor);
    this.#host.onCamera(this.#camera);
    this.draw();
  }

  /** The drag has ended: the scene turns on for a moment, then rests. */
  release(): void {
    this.#isDragged = false;
    const spin = this.#spin;
    if (!spin || this.#host.isStill() || performance.now() - spin.atMs > 60) {
      this.#spin = null;
      this.#host.onCamera(this.#camera);
    }
    this.draw();
  }

  set hover(mark: number) {
    if (mark === this.#hover) return;
    this.#hover = mark;
    this.draw();
  }

  /** The mark at a point of the canvas, in CSS pixels; -1: none. */
  pick(x: number, y: number): number {
    return this.#placed ? pickMark(this.#placed, this.#scene.marks, x, y) : -1;
  }

  /** Where a mark is, in CSS pixels. */
  placeOf(mark: number): { x: number; y: number } | null {
    const placed = this.#placed;
    return placed && mark >= 0 && mark < placed.count ? { x: placed.x[mark], y: placed.y[mark] } : null;
  }

  within(line: readonly number[]): number[] {
    return this.#placed ? marksWithin(this.#placed, line) : [];
  }

  /** Draws with the next frame of the screen; several calls make one drawing. */
  draw(): void {
    if (this.#request !== 0 || this.#isDisposed) return;
    this.#request = requestAnimationFrame((nowMs) => {
      this.#request = 0;
      this.#step(nowMs);
      this.#drawNow();
      if (this.isMoving && !this.#isDragged) this.draw();
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    cancelAnimationFrame(this.#request);
    this.#painter?.dispose();
    this.#painter = null;
  }

  #stop(): void {
    this.#cameraMove = null;
  }

  #step(nowMs: number): void {
    if (this.#cameraMove) {
      const { from, to, startMs, lengthMs } = this.#cameraMove;
      const t = eased((nowMs - startMs) / lengthMs);
      this.#camera = t >= 1 ? to : between(from, to, t);
      if (t >= 1) this.#cameraMove = null;
    }
    if (this.#marksMove) this.#moveMarks(this.#marksMove, nowMs);
    if (this.#spin && !this.#isDragged) this.#turnOn(this.#spin, nowMs);
  }

  #moveMarks(move: MarksMove, nowMs: number): void {
    const t = eased((nowMs - move.startMs) / move.lengthMs);
    const { positions } = this.#scene.marks;
    for (let at = 0; at < positions.length; at++)
      positions[at] = move.from[at] + (move.to[at] - move.from[at]) * t;
    this.#apart = move.fromApart + (this.#scene.apart - move.fromApart) * t;
    this.#version++;
    if (t < 1) return;
    positions.set(move.to);
    this.#marksMove = null;
  }

  #turnOn(spin: Spin, nowMs: number): void {
    const passedMs = Math.min(50, Math.max(0, nowMs - spin.atMs));
    const share = Math.exp(-passedMs / inertiaMs);
    this.#camera = orbited(this.#camera, spin.azimuth * share, spin.elevation * share);
    this.#spin = { azimuth: spin.azimuth * share, elevation: spin.elevation * share, atMs: nowMs };
    if (Math.hypot(this.#spin.azimuth, this.#spin.elevation) > leastSpeed * 5) return;
    this.#spin = null;
    this.#host.onCamera(this.#camera);
  }

  #lens(ratio: number): Lens {
    const { clientWidth, clientHeight } = this.#canvas;
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    return lensOf(this.#camera, this.#apart, width, height);
  }

  #drawNow(): void {
    const ratio = window.devicePixelRatio || 1;
    const lens = this.#lens(ratio);
    if (lens.width < 2 || lens.height < 2) return;
    const { marks } = this.#scene;
    this.#placed = placeMarks(marks, this.#lens(1), this.#placed);
    this.#placedDevice = ratio === 1 ? this.#placed : placeMarks(marks, lens, this.#placedDevice);
    this.#painter ??= createScenePainter(this.#canvas, this.#isPlain, () => this.#onLost());
    this.#painter.paint({
      scene: this.#scene,
      version: this.#version,
      lens,
      placed: this.#placedDevice,
      ratio,
      inks: this.#host.inks(),
      hover: this.#hover,
    });
    this.#canvas.dataset.drawn = String(Number(this.#canvas.dataset.drawn ?? 0) + 1);
    this.#host.onDrawn({
      labels: placeLabels(this.#scene.labels, this.#lens(1)),
      painter: this.#painter.kind,
      camera: this.#camera,
    });
  }

  #onLost(): void {
    if (!this.#isDisposed) this.#host.onLost();
  }
}

/** Apart by less than rounding: nobody sees a move. */
function isNear(x: Camera, y: Camera): boolean {
  return (
    x.projection === y.projection &&
    Math.abs(x.azimuth - y.azimuth) + Math.abs(x.elevation - y.elevation) < 0.2 &&
    Math.abs(x.zoom / y.zoom - 1) < 0.002 &&
    Math.hypot(x.targetX - y.targetX, x.targetY - y.targetY, x.targetZ - y.targetZ) < 0.001
  );
}

/** Slow at both ends. */
function eased(share: number): number {
  const t = Math.min(1, Math.max(0, share));
  return t * t * (3 - 2 * t);
}

/** Whether the marks are to go elsewhere than where they are or are going. */
function differ(now: Float32Array, goal: Float32Array, next: Float32Array): boolean {
  const current = goal.length === next.length ? goal : now;
  for (let at = 0; at < next.length; at++) if (current[at] !== next[at]) return true;
  return false;
}
