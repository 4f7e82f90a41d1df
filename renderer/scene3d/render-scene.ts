import { lensOf, type Camera } from '#core/scene3d/camera.ts';
import { createScenePainter } from './create-scene-painter.ts';
import { labelSize, placeLabels, type PlacedLabel } from '#core/scene3d/labels.ts';
import { placeMarks } from '#core/scene3d/placed-marks.ts';
import type { SceneData, SceneInks } from '#core/scene3d/scene-data.ts';

/** Everything that a picture of a scene depends on. */
export interface SceneSpec {
  scene: SceneData;
  camera: Camera;
  inks: SceneInks;
  /** Width in CSS pixels that sizes of marks, lines and words are meant for; the picture is scaled from it. */
  designWidth: number;
  /** Whether the words of the frame are part of the picture; a vector figure sets them itself. */
  hasLabels: boolean;
}

export interface RenderedScene {
  canvas: HTMLCanvasElement;
  /** Places in pixels of the picture, for words that are set around it. */
  labels: PlacedLabel[];
  /** Pixels of the picture for one pixel of the design: font sizes are to be scaled by it. */
  ratio: number;
}

/** Larger sides than this no graphics driver draws. */
export const largestSide = 8192;

/** Draws a scene at a size in pixels: the same spec gives the same picture on the same machine. */
export function renderScene(spec: SceneSpec, widthPx: number, heightPx: number): RenderedScene {
  const [width, height] = [Math.round(widthPx), Math.round(heightPx)];
  if (!(width >= 16 && height >= 16 && width <= largestSide && height <= largestSide))
    throw new RangeError(
      `A picture of ${width} x ${height} pixels cannot be made: sides are 16 to ${largestSide}.`,
    );
  const { scene, camera, inks } = spec;
  const ratio = width / spec.designWidth;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const target = canvas.getContext('2d', { alpha: false });
  if (!target) throw new Error('No picture can be drawn: the window has no memory for another canvas.');
  const lens = lensOf(camera, scene.apart, width, height);
  const drawn = document.createElement('canvas');
  const painter = createScenePainter(drawn, false, () => undefined);
  try {
    painter.paint({
      ...{ scene, inks, lens, ratio },
      ...{ placed: placeMarks(scene.marks, lens), version: 0, hover: -1 },
    });
    target.drawImage(drawn, 0, 0);
  } finally {
    painter.dispose();
  }
  const design = lensOf(camera, scene.apart, spec.designWidth, height / ratio);
  const labels = placeLabels(scene.labels, design).map((label) => ({
    ...label,
    x: label.x * ratio,
    y: label.y * ratio,
  }));
  if (spec.hasLabels) drawLabels(target, labels, inks, ratio);
  return { canvas, labels, ratio };
}

function drawLabels(
  target: CanvasRenderingContext2D,
  labels: readonly PlacedLabel[],
  inks: SceneInks,
  ratio: number,
): void {
  target.textBaseline = 'middle';
  for (const { text, kind, x, y, anchor } of labels) {
    target.font = `${kind === 'title' ? 'bold ' : ''}${labelSize[kind] * ratio}px Arimo, Arial, sans-serif`;
    target.textAlign = anchor === 'middle' ? 'center' : anchor;
    target.lineWidth = 3 * ratio;
    target.lineJoin = 'round';
    target.strokeStyle = inks.ground;
    target.strokeText(text, x, y);
    target.fillStyle = kind === 'tick' ? inks.quiet : inks.text;
    target.fillText(text, x, y);
  }
}
