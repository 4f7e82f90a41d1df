import { CanvasScenePainter } from './canvas-scene-painter.ts';
import { GlScenePainter } from './gl-scene-painter.ts';
import type { ScenePainter } from './painter.ts';

/** WebGL where it works, else the processor. `onLost` is told when the graphics driver takes WebGL away. */
export function createScenePainter(
  canvas: HTMLCanvasElement,
  isPlain: boolean,
  onLost: () => void,
): ScenePainter {
  if (isPlain) return new CanvasScenePainter(canvas);
  try {
    return new GlScenePainter(canvas, onLost);
  } catch {
    return new CanvasScenePainter(canvas);
  }
}
