import type { Lens } from '#core/scene3d/camera.ts';
import type { PlacedMarks } from '#core/scene3d/placed-marks.ts';
import type { SceneData, SceneInks } from '#core/scene3d/scene-data.ts';

/** One drawing of a scene. Lengths in device pixels, but for sizes of marks and widths of lines: times `ratio`. */
export interface SceneFrame {
  scene: SceneData;
  /** Changes whenever anything in the scene did. */
  version: number;
  lens: Lens;
  placed: PlacedMarks;
  ratio: number;
  inks: SceneInks;
  /** The mark under the pointer or the keyboard's cursor; -1: none. */
  hover: number;
}

/** Draws frames into one canvas, whose size in pixels it sets. */
export interface ScenePainter {
  readonly kind: 'webgl' | 'canvas';
  paint(frame: SceneFrame): void;
  dispose(): void;
}
