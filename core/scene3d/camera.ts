/** Where a scene is looked at from, as plain values: part of the view state, so that a picture can be made again. */
export interface Camera {
  /** Degrees; the eye goes round the vertical axis, then up. */
  azimuth: number;
  elevation: number;
  /** 1 shows the whole scene. */
  zoom: number;
  /** The point of the scene in the middle of the picture. */
  targetX: number;
  targetY: number;
  targetZ: number;
  projection: 'perspective' | 'orthographic';
}

export const homeCamera: Camera = {
  azimuth: 32,
  elevation: 20,
  zoom: 1,
  targetX: 0,
  targetY: 0,
  targetZ: 0,
  projection: 'perspective',
};

/** Distance of the eye from the target in scene units; a scene reaches about 1 from its middle. */
export const eyeDistance = 4.5;
const limits = { elevation: 89, zoom: [0.25, 40], target: 2 } as const;

/** Rows are the picture's right, its up, and the way to the eye, in scene coordinates (z is up in the scene). */
export function rotationOf({ azimuth, elevation }: Camera): Float64Array {
  const [a, e] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180];
  const [ca, sa, ce, se] = [Math.cos(a), Math.sin(a), Math.cos(e), Math.sin(e)];
  return Float64Array.of(-sa, ca, 0, -ca * se, -sa * se, ce, ca * ce, sa * ce, se);
}

/** What turns a point of the scene into a point of a picture; the same in the shaders, see `gl-shaders.ts`. */
export interface Lens {
  rotation: Float64Array;
  target: readonly [number, number, number];
  /** Pixels of one scene unit at the target's depth. */
  pixels: number;
  /** How far the frames of either side stand from the middle, in scene units. */
  apart: number;
  isPerspective: boolean;
  width: number;
  height: number;
}

/** Room around the scene, in scene units: axis labels stand there. */
const margin = { x: 1.5, y: 1.2 };

export function lensOf(camera: Camera, apart: number, width: number, height: number): Lens {
  const fit = Math.min(width / 2 / (margin.x + apart), height / 2 / margin.y);
  return {
    rotation: rotationOf(camera),
    target: [camera.targetX, camera.targetY, camera.targetZ],
    pixels: Math.max(1e-3, fit) * camera.zoom,
    apart,
    isPerspective: camera.projection === 'perspective',
    width,
    height,
  };
}

export interface Placed {
  x: number;
  y: number;
  /** Towards the eye; 0 at the target. */
  depth: number;
  /** How much larger than at the target's depth. */
  scale: number;
}

/** Where a point of the scene is in the picture, in pixels from its top left. @param side -1, 0 or 1 */
export function place(lens: Lens, px: number, py: number, pz: number, side: number): Placed {
  const r = lens.rotation;
  const [x, y, z] = [px - lens.target[0], py - lens.target[1], pz - lens.target[2]];
  const depth = r[6] * x + r[7] * y + r[8] * z;
  const scale = lens.isPerspective ? eyeDistance / Math.max(0.1, eyeDistance - depth) : 1;
  return {
    x: lens.width / 2 + ((r[0] * x + r[1] * y + r[2] * z) * scale + side * lens.apart) * lens.pixels,
    y: lens.height / 2 - (r[3] * x + r[4] * y + r[5] * z) * scale * lens.pixels,
    depth,
    scale,
  };
}

export function orbited(camera: Camera, azimuth: number, elevation: number): Camera {
  return {
    ...camera,
    azimuth: ((((camera.azimuth + azimuth + 180) % 360) + 360) % 360) - 180,
    elevation: clamp(camera.elevation + elevation, -limits.elevation, limits.elevation),
  };
}

export function zoomed(camera: Camera, factor: number): Camera {
  return { ...camera, zoom: clamp(camera.zoom * factor, limits.zoom[0], limits.zoom[1]) };
}

/** Moves the picture by pixels. */
export function panned(camera: Camera, lens: Lens, dx: number, dy: number): Camera {
  const r = rotationOf(camera);
  const [right, up] = [-dx / lens.pixels, dy / lens.pixels];
  const move = (axis: 0 | 1 | 2) => r[axis] * right + r[3 + axis] * up;
  const within = (value: number) => clamp(value, -limits.target, limits.target);
  return {
    ...camera,
    targetX: within(camera.targetX + move(0)),
    targetY: within(camera.targetY + move(1)),
    targetZ: within(camera.targetZ + move(2)),
  };
}

/** Between two cameras, the shorter way round. @param t 0..1 */
export function between(from: Camera, to: Camera, t: number): Camera {
  const mix = (x: number, y: number) => x + (y - x) * t;
  const turn = ((((to.azimuth - from.azimuth + 180) % 360) + 360) % 360) - 180;
  return {
    azimuth: orbited(from, turn * t, 0).azimuth,
    elevation: mix(from.elevation, to.elevation),
    zoom: from.zoom * (to.zoom / from.zoom) ** t,
    targetX: mix(from.targetX, to.targetX),
    targetY: mix(from.targetY, to.targetY),
    targetZ: mix(from.targetZ, to.targetZ),
    projection: to.projection,
  };
}

export function isSameCamera(x: Camera, y: Camera): boolean {
  return (Object.keys(x) as (keyof Camera)[]).every((key) => x[key] === y[key]);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
