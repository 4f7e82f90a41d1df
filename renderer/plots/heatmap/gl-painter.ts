import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DataTexture,
  DoubleSide,
  FloatType,
  GLSL3,
  Mesh,
  NearestFilter,
  OrthographicCamera,
  RedFormat,
  RGBAFormat,
  Scene,
  ShaderMaterial,
  UnsignedByteType,
  WebGLRenderer,
} from 'three';
import { levels, paletteOf, type ColourMapName } from '#core/figure/colour/maps.ts';
import type { Tile } from '#core/ipc/areas/result.ts';
import type { HeatmapFrame, Painter } from './painter.ts';

const vertexShader = `
out vec2 place;
void main() {
  place = position.xy;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`;

/** The same rounding as \`levelOf\` in core, so that screen and export agree in every cell. */
const fragmentShader = `
precision highp float;
uniform highp sampler2D cells;
uniform sampler2D palette;
uniform float low;
uniform float high;
in vec2 place;
out vec4 colour;
void main() {
  ivec2 size = textureSize(cells, 0);
  ivec2 cell = min(ivec2(place * vec2(size)), size - 1);
  float value = texelFetch(cells, cell, 0).r;
  float t = clamp((value - low) / (high - low), 0.0, 1.0);
  int level = isnan(value) ? ${levels} : int(floor(t * ${levels - 1}.0 + 0.5));
  colour = vec4(texelFetch(palette, ivec2(level, 0), 0).rgb, 1.0);
}`;

interface TileMesh {
  mesh: Mesh<BufferGeometry, ShaderMaterial>;
  texture: DataTexture;
}

/**
 * Draws tiles as R32F textures coloured in the shader, so that a new range or colour map costs no upload.
 * One WebGL context serves every panel: it draws into its own buffer, which is copied to the panel's canvas.
 */
export class GlPainter implements Painter {
  readonly kind = 'webgl';
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new OrthographicCamera();
  readonly #square = unitSquare();
  readonly #tiles = new Map<Tile, TileMesh>();
  readonly #palettes = new Map<ColourMapName, DataTexture>();
  readonly #shared = {
    palette: { value: null as DataTexture | null },
    low: { value: -1 },
    high: { value: 1 },
  };
  #width = 0;
  #height = 0;

  /** Throws where WebGL 2 is missing, or made by the processor and `isSoftwareRefused`. */
  constructor(onContextLost: () => void, isSoftwareRefused = false) {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('webgl2', {
      ...{ antialias: false, alpha: false, depth: false },
      failIfMajorPerformanceCaveat: isSoftwareRefused,
    });
    if (!context) throw new Error('WebGL 2 is not available.');
    this.#renderer = new WebGLRenderer({ canvas, context, antialias: false });
    this.#renderer.setPixelRatio(1);
    canvas.addEventListener('webglcontextlost', onContextLost);
  }

  paint(target: CanvasRenderingContext2D, x: number, y: number, frame: HeatmapFrame): void {
    const { width, height, window } = frame;
    if (width < 1 || height < 1) return;
    this.#fit(width, height);
    this.#shared.palette.value = this.#palette(frame.colours);
    this.#shared.low.value = frame.min;
    this.#shared.high.value = frame.max;
    this.#scene.clear();
    frame.tiles.forEach((placed, order) => {
      const { mesh } = this.#tile(placed.tile);
      mesh.position.set(placed.col0, placed.row0, 0);
      mesh.scale.set(placed.col1 - placed.col0, placed.row1 - placed.row0, 1);
      mesh.renderOrder = order;
      this.#scene.add(mesh);
    });
    // Rows grow downwards: top is the smaller one.
    Object.assign(this.#camera, {
      left: window.col0,
      right: window.col1,
      top: window.row0,
      bottom: window.row1,
    });
    this.#camera.near = -1;
    this.#camera.far = 1;
    this.#camera.updateProjectionMatrix();
    this.#renderer.setViewport(0, 0, width, height);
    this.#renderer.setClearColor(new Color(frame.ground), 1);
    this.#renderer.render(this.#scene, this.#camera);
    target.drawImage(this.#renderer.domElement, 0, this.#height - height, width, height, x, y, width, height);
  }

  forget(tile: Tile): void {
    const known = this.#tiles.get(tile);
    if (!known) return;
    known.texture.dispose();
    known.mesh.material.dispose();
    this.#tiles.delete(tile);
  }

  dispose(): void {
    for (const tile of [...this.#tiles.keys()]) this.forget(tile);
    for (const palette of this.#palettes.values()) palette.dispose();
    this.#square.dispose();
    this.#renderer.dispose();
  }

  /** The buffer only grows: panels of different sizes take turns in it. */
  #fit(width: number, height: number): void {
    if (width <= this.#width && height <= this.#height) return;
    this.#width = Math.max(width, this.#width);
    this.#height = Math.max(height, this.#height);
    this.#renderer.setSize(this.#width, this.#height, false);
  }

  #tile(tile: Tile): TileMesh {
    const known = this.#tiles.get(tile);
    if (known) return known;
    const values = new Float32Array(tile.values);
    const texture = new DataTexture(values, tile.cols, tile.rows, RedFormat, FloatType);
    texture.magFilter = NearestFilter;
    texture.minFilter = NearestFilter;
    texture.unpackAlignment = 4;
    texture.needsUpdate = true;
    const material = new ShaderMaterial({
      glslVersion: GLSL3,
      vertexShader,
      fragmentShader,
      uniforms: { cells: { value: texture }, ...this.#shared },
      side: DoubleSide,
      depthTest: false,
      depthWrite: false,
    });
    const mesh = new Mesh(this.#square, material);
    mesh.frustumCulled = false;
    const made = { mesh, texture };
    this.#tiles.set(tile, made);
    return made;
  }

  #palette(name: ColourMapName): DataTexture {
    let texture = this.#palettes.get(name);
    if (!texture) {
      const rgb = paletteOf(name);
      const rgba = new Uint8Array(4 * 256).fill(255);
      for (let at = 0; at < 256; at++) rgba.set(rgb.subarray(3 * at, 3 * at + 3), 4 * at);
      texture = new DataTexture(rgba, 256, 1, RGBAFormat, UnsignedByteType);
      texture.needsUpdate = true;
      this.#palettes.set(name, texture);
    }
    return texture;
  }
}

function unitSquare(): BufferGeometry {
  const corners = new Float32Array([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0]);
  return new BufferGeometry().setAttribute('position', new BufferAttribute(corners, 3));
}
