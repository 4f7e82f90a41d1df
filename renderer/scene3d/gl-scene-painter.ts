import { Matrix3, OrthographicCamera, Scene, Vector2, Vector3, WebGLRenderer, Color } from 'three';
import { eyeDistance } from '#core/scene3d/camera.ts';
import { BodyLayer, MarkLayer, SegmentLayer } from './gl-layers.ts';
import type { SceneFrame, ScenePainter } from './painter.ts';
import { rgbOf } from '#core/scene3d/scene-data.ts';
import { frameSegments, globeBodies, hullBodies, linkSegments } from '#core/scene3d/scene-parts.ts';

/**
 * Draws scenes with WebGL 2: bodies, the frame, links, then marks from back to front, each blended over what is behind it. Shapes, rims and lines are drawn by distance in the
 * shaders, so that a picture of any size is sharp.
 */
export class GlScenePainter implements ScenePainter {
  readonly kind = 'webgl';
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new OrthographicCamera();
  readonly #uniforms = {
    rotation: { value: new Matrix3() },
    target: { value: new Vector3() },
    unit: { value: new Vector2() },
    pixels: { value: new Vector2() },
    apart: { value: 0 },
    eye: { value: eyeDistance },
    ratio: { value: 1 },
    size: { value: 8 },
    hovered: { value: -1 },
    ground: { value: new Vector3() },
    text: { value: new Vector3() },
    accent: { value: new Vector3() },
  };
  readonly #globes = new BodyLayer(this.#uniforms);
  readonly #bodies = new BodyLayer(this.#uniforms);
  readonly #frameLines = new SegmentLayer(this.#uniforms);
  readonly #links = new SegmentLayer(this.#uniforms);
  readonly #marks = new MarkLayer(this.#uniforms);
  readonly #layers = [this.#globes, this.#bodies, this.#frameLines, this.#links, this.#marks];
  #version = -1;
  #inks = '';
  #width = 0;
  #height = 0;

  /** Throws where WebGL 2 is missing; the canvas can then still be drawn into otherwise. */
  constructor(canvas: HTMLCanvasElement, onContextLost: () => void) {
    const context = canvas.getContext('webgl2', { antialias: false, alpha: false, depth: false });
    if (!context) throw new Error('WebGL 2 is not available.');
    this.#renderer = new WebGLRenderer({ canvas, context, antialias: false });
    this.#renderer.setPixelRatio(1);
    canvas.addEventListener('webglcontextlost', onContextLost);
    this.#layers.forEach(({ object }, order) => {
      object.renderOrder = order;
      this.#scene.add(object);
    });
  }

  paint(frame: SceneFrame): void {
    const { scene, lens, inks } = frame;
    const { width, height } = lens;
    if (width < 1 || height < 1) return;
    this.#fit(width, height);
    this.#setUniforms(frame);
    const inkKey = Object.values(inks).join();
    if (frame.version !== this.#version || inkKey !== this.#inks) {
      this.#version = frame.version;
      this.#inks = inkKey;
      this.#marks.update(scene.marks);
      this.#links.update(linkSegments(scene, inks));
      this.#bodies.update(hullBodies(scene));
    }
    this.#globes.update(globeBodies(scene, lens, inks));
    this.#frameLines.update(frameSegments(scene, lens, inks));
    this.#marks.sort(frame.placed.order);
    this.#renderer.setViewport(0, 0, width, height);
    this.#renderer.setClearColor(new Color(inks.ground), 1);
    this.#renderer.render(this.#scene, this.#camera);
  }

  dispose(): void {
    for (const layer of this.#layers) layer.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  #setUniforms({ scene, lens, inks, ratio, hover }: SceneFrame): void {
    const u = this.#uniforms;
    const [a, b, c, d, e, f, g, h, i] = lens.rotation;
    u.rotation.value.set(a, b, c, d, e, f, g, h, i);
    u.target.value.set(...lens.target);
    u.unit.value.set((2 * lens.pixels) / lens.width, (2 * lens.pixels) / lens.height);
    u.pixels.value.set(lens.width / 2, lens.height / 2);
    u.apart.value = lens.apart;
    u.eye.value = lens.isPerspective ? eyeDistance : 0;
    u.ratio.value = ratio;
    u.size.value = scene.marks.size;
    u.hovered.value = hover;
    for (const name of ['ground', 'text', 'accent'] as const) {
      const [red, green, blue] = rgbOf(inks[name]);
      u[name].value.set(red / 255, green / 255, blue / 255);
    }
  }

  #fit(width: number, height: number): void {
    if (width === this.#width && height === this.#height) return;
    this.#width = width;
    this.#height = height;
    this.#renderer.setSize(width, height, false);
  }
}
