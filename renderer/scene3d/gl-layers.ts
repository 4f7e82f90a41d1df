import {
  BufferAttribute,
  BufferGeometry,
  DoubleSide,
  DynamicDrawUsage,
  GLSL3,
  Mesh,
  Points,
  ShaderMaterial,
  type IUniform,
  type TypedArray,
} from 'three';
import {
  bodyFragment,
  bodyVertex,
  markFragment,
  markVertex,
  segmentFragment,
  segmentVertex,
} from './gl-shaders.ts';
import type { Marks } from '#core/scene3d/scene-data.ts';
import type { Bodies, Segments } from '#core/scene3d/scene-parts.ts';

export type Uniforms = Record<string, IUniform>;

function material(vertexShader: string, fragmentShader: string, uniforms: Uniforms): ShaderMaterial {
  return new ShaderMaterial({
    glslVersion: GLSL3,
    vertexShader,
    fragmentShader,
    uniforms,
    side: DoubleSide,
    transparent: true,
    depthTest: false,
    depthWrite: false,
  });
}

/** Writes the values, in place where the attribute has room for exactly them. */
function fill(
  geometry: BufferGeometry,
  name: string,
  values: TypedArray,
  width: number,
  isByte = false,
): void {
  const known = geometry.getAttribute(name) as BufferAttribute | undefined;
  if (known && known.array.length === values.length && known.array.constructor === values.constructor) {
    known.array.set(values);
    known.needsUpdate = true;
    return;
  }
  const attribute = new BufferAttribute(values.slice(), width, isByte);
  attribute.setUsage(DynamicDrawUsage);
  geometry.setAttribute(name, attribute);
}

function fillIndex(geometry: BufferGeometry, values: Uint32Array): void {
  const known = geometry.getIndex();
  if (known?.array.length === values.length) {
    known.array.set(values);
    known.needsUpdate = true;
  } else geometry.setIndex(new BufferAttribute(values.slice(), 1).setUsage(DynamicDrawUsage));
}

/** A geometry whose buffers are made anew when the number of its parts changes: stale ones would stay with the driver. */
abstract class Layer<Shape extends Points | Mesh> {
  abstract readonly object: Shape;
  protected geometry = new BufferGeometry();
  #parts = -1;

  protected renew(parts: number): void {
    this.object.visible = parts > 0;
    if (parts === this.#parts) return;
    this.#parts = parts;
    this.geometry.dispose();
    this.geometry = new BufferGeometry();
    this.object.geometry = this.geometry;
  }

  dispose(): void {
    this.geometry.dispose();
    (this.object.material as ShaderMaterial).dispose();
  }
}

export class MarkLayer extends Layer<Points> {
  readonly object: Points;

  constructor(uniforms: Uniforms) {
    super();
    this.object = new Points(this.geometry, material(markVertex, markFragment, uniforms));
    this.object.frustumCulled = false;
  }

  update(marks: Marks): void {
    this.renew(marks.count);
    fill(this.geometry, 'position', marks.positions, 3);
    fill(this.geometry, 'side', marks.side, 1);
    fill(this.geometry, 'shape', marks.shape, 1);
    fill(this.geometry, 'stands', marks.emphasis, 1);
    fill(this.geometry, 'ink', marks.colour, 3, true);
  }

  sort(order: Uint32Array): void {
    fillIndex(this.geometry, order);
  }
}

const corners = [0, -1, 0, 1, 1, -1, 1, 1];

export class SegmentLayer extends Layer<Mesh> {
  readonly object: Mesh;

  constructor(uniforms: Uniforms) {
    super();
    this.object = new Mesh(this.geometry, material(segmentVertex, segmentFragment, uniforms));
    this.object.frustumCulled = false;
  }

  update({ count, ends, sides, ink, width }: Segments): void {
    this.renew(count);
    const four = 4 * count;
    const [start, end] = [new Float32Array(3 * four), new Float32Array(3 * four)];
    const [both, tint] = [new Int8Array(2 * four), new Uint8Array(4 * four)];
    const thick = new Float32Array(four);
    for (let i = 0; i < count; i++) {
      for (let c = 4 * i; c < 4 * i + 4; c++) {
        for (let k = 0; k < 3; k++) {
          start[3 * c + k] = ends[6 * i + k];
          end[3 * c + k] = ends[6 * i + 3 + k];
        }
        both[2 * c] = sides[2 * i];
        both[2 * c + 1] = sides[2 * i + 1];
        for (let k = 0; k < 4; k++) tint[4 * c + k] = ink[4 * i + k];
        thick[c] = width[i];
      }
    }
    fill(this.geometry, 'start', start, 3);
    fill(this.geometry, 'end', end, 3);
    fill(this.geometry, 'sides', both, 2);
    fill(this.geometry, 'ink', tint, 4, true);
    fill(this.geometry, 'width', thick, 1);
    if (this.geometry.getIndex()) return;
    const at = new Float32Array(2 * four);
    const index = new Uint32Array(6 * count);
    for (let i = 0; i < count; i++) {
      at.set(corners, 8 * i);
      index.set(
        [0, 1, 2, 2, 1, 3].map((corner) => 4 * i + corner),
        6 * i,
      );
    }
    fill(this.geometry, 'corner', at, 2);
    fillIndex(this.geometry, index);
  }
}

export class BodyLayer extends Layer<Mesh> {
  readonly object: Mesh;

  constructor(uniforms: Uniforms) {
    super();
    this.object = new Mesh(this.geometry, material(bodyVertex, bodyFragment, uniforms));
    this.object.frustumCulled = false;
  }

  update({ corners: points, sides, ink }: Bodies): void {
    this.renew(sides.length);
    fill(this.geometry, 'position', points, 3);
    fill(this.geometry, 'side', sides, 1);
    fill(this.geometry, 'ink', ink, 4, true);
  }
}
