import { CanvasPainter } from './canvas-painter.ts';
import { GlPainter } from './gl-painter.ts';
import type { Painter } from './painter.ts';

/** WebGL where it works, else the processor. `onLost` is told when the graphics driver takes WebGL away. */
export function createPainter(onLost: () => void): Painter {
  try {
    return new GlPainter(onLost);
  } catch {
    return new CanvasPainter();
  }
}
