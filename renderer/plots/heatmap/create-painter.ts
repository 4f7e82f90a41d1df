import { CanvasPainter } from './canvas-painter.ts';
import { GlPainter } from './gl-painter.ts';
import type { Painter } from './painter.ts';

/**
 * WebGL where a graphics card makes it, else the processor by itself: WebGL in software costs several times as much a
 * frame as copying coloured tiles (`tests/e2e/frame-time.test.ts` measures it). `onLost` is told when the graphics
 * driver takes WebGL away.
 */
export function createPainter(onLost: () => void): Painter {
  try {
    return new GlPainter(onLost, true);
  } catch {
    return new CanvasPainter();
  }
}
