import { homeCamera, lensOf, type Camera, type Lens } from '#core/scene3d/camera.ts';
import { emptyScene, type SceneData, type SceneInks } from '#core/scene3d/scene-data.ts';
import { mulberry } from '../figure/example-random.ts';

export const inks: SceneInks = {
  ground: '#ffffff',
  text: '#1a1a1a',
  quiet: '#5b6572',
  line: '#7d8793',
  accent: '#2458d3',
};

/** From the x axis, without perspective: y goes right, z up, x towards the eye. */
export const plainView: Camera = { ...homeCamera, azimuth: 0, elevation: 0, projection: 'orthographic' };

export const lensOfSize = (side: number, camera: Camera = plainView): Lens => lensOf(camera, 0, side, side);

interface ScenePoint {
  at: [number, number, number];
  colour?: [number, number, number];
  shape?: number;
}

/** A scene of these marks and of nothing else. */
export function sceneOf(points: ScenePoint[], more: Partial<SceneData> = {}, size = 12): SceneData {
  return {
    ...emptyScene,
    marks: {
      count: points.length,
      positions: Float32Array.from(points.flatMap(({ at }) => at)),
      side: new Int8Array(points.length),
      shape: Uint8Array.from(points, ({ shape = 0 }) => shape),
      colour: Uint8Array.from(points.flatMap(({ colour = [0, 0, 0] }) => colour)),
      emphasis: new Uint8Array(points.length).fill(1),
      size,
    },
    ...more,
  };
}

/** Marks, links and a body in a ball. */
export function crowdedScene(count: number): SceneData {
  const random = mulberry(7);
  const points = Array.from({ length: count }, (_, at): ScenePoint => ({
    at: [random() * 1.2 - 0.6, random() * 1.2 - 0.6, random() * 1.2 - 0.6],
    colour: [random() * 255, random() * 255, random() * 255],
    shape: at % 8,
  }));
  const half = count >> 1;
  return sceneOf(
    points,
    {
      links: {
        from: Uint32Array.from({ length: half }, (_, at) => at),
        to: Uint32Array.from({ length: half }, (_, at) => at + half),
        strength: Float32Array.from({ length: half }, () => random()),
        isSelected: new Uint8Array(half),
      },
      hulls: [
        {
          faces: Uint32Array.from([0, 1, 2, 0, 2, 3, 0, 3, 1, 1, 3, 2]),
          colour: [0, 114, 178],
          isFaint: false,
        },
      ],
      spheres: [0],
    },
    8,
  );
}

/** FNV-1a. */
export function hashOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16);
}

/** Of `crowdedScene(64)` at 180 pixels from the first camera: the same in every runtime. */
export const crowdedHash = '81004d40';
