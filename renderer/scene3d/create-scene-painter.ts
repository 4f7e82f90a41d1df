import { CanvasScenePainter } from './canvas-scene-painter.ts';
import { GlScenePainter } from './gl-scene-painter.ts';
import type { ScenePainter } from './painter.ts';

/** WebGL where it works, else the processor. `onLost` is told when the graphics driver takes WebGL away. */
export function createScenePainter(onLost: () => void): ScenePainter {
  try {
    return new GlScenePainter(onLost);
  } catch {
    return new CanvasScenePainter();
  }
}
