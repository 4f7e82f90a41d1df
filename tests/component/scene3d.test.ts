import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  between,
  homeCamera,
  lensOf,
  orbited,
  panned,
  place,
  rotationOf,
  zoomed,
  type Camera,
} from '#core/scene3d/camera.ts';
import { hullFaces } from '#core/scene3d/convex-hull.ts';
import { placeLabels } from '#core/scene3d/labels.ts';
import { isInPolygon, marksWithin, pickMark, placeMarks } from '#core/scene3d/placed-marks.ts';
import { emphasis, type Marks, type SceneLabel } from '#core/scene3d/scene-data.ts';
import { rasterise } from '#core/scene3d/rasterise.ts';
import { crowdedHash, crowdedScene, hashOf, inks } from '../unit/core/scene3d/scene-example.ts';

const angle = fc.record({
  azimuth: fc.double({ min: -180, max: 180, noNaN: true }),
  elevation: fc.double({ min: -89, max: 89, noNaN: true }),
});
const cameraAt = (part: Partial<Camera>): Camera => ({ ...homeCamera, ...part });

function marksAt(points: number[][], stands = points.map(() => emphasis.usual as number)): Marks {
  return {
    count: points.length,
    positions: Float32Array.from(points.flat()),
    side: new Int8Array(points.length),
    shape: new Uint8Array(points.length),
    colour: new Uint8Array(3 * points.length),
    emphasis: Uint8Array.from(stands),
    size: 8,
  };
}

describe('the camera', () => {
  it('turns without stretching: its rows are at right angles and of length 1', () => {
    fc.assert(
      fc.property(angle, (turn) => {
        const r = rotationOf(cameraAt(turn));
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++) {
            const dot = r[3 * i] * r[3 * j] + r[3 * i + 1] * r[3 * j + 1] + r[3 * i + 2] * r[3 * j + 2];
            expect(dot).toBeCloseTo(i === j ? 1 : 0, 12);
          }
      }),
    );
  });

  it('keeps the target in the middle, z up, and what is nearer larger', () => {
    const lens = lensOf(cameraAt({ azimuth: 0, elevation: 0 }), 0, 800, 600);
    expect(place(lens, 0, 0, 0, 0)).toMatchObject({ x: 400, y: 300, depth: 0, scale: 1 });
    // From azimuth 0 the eye is on the x axis, y goes right.
    const right = place(lens, 0, 0.5, 0, 0);
    expect(right.x).toBeCloseTo(400 + 0.5 * lens.pixels, 9);
    expect(right.y).toBeCloseTo(300, 9);
    expect(place(lens, 0, 0, 0.5, 0).y).toBeCloseTo(300 - 0.5 * lens.pixels, 9);
    expect(place(lens, 0.5, 0, 0, 0).scale).toBeGreaterThan(1);
    const flat = lensOf(cameraAt({ azimuth: 0, elevation: 0, projection: 'orthographic' }), 0, 800, 600);
    expect(place(flat, 0.5, 0.3, 0, 0).x).toBeCloseTo(400 + 0.3 * flat.pixels, 9);
  });

  it('sets sides apart by the same number of pixels at every depth', () => {
    fc.assert(
      fc.property(
        angle,
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (turn, [x, y, z]) => {
          const lens = lensOf(cameraAt(turn), 1.2, 900, 600);
          const [left, right] = [place(lens, x, y, z, -1), place(lens, x, y, z, 1)];
          expect(right.x - left.x).toBeCloseTo(2.4 * lens.pixels, 6);
          expect(right.y).toBe(left.y);
        },
      ),
    );
  });

  it('pans by pixels, zooms within limits, turns the shorter way round', () => {
    const camera = cameraAt({ azimuth: 70, elevation: -30, zoom: 3, projection: 'orthographic' });
    const lens = lensOf(camera, 0, 800, 600);
    const moved = lensOf(panned(camera, lens, 25, -10), 0, 800, 600);
    const [before, after] = [place(lens, 0.2, 0.1, -0.3, 0), place(moved, 0.2, 0.1, -0.3, 0)];
    expect(after.x - before.x).toBeCloseTo(25, 9);
    expect(after.y - before.y).toBeCloseTo(-10, 9);
    expect(zoomed(camera, 1e9).zoom).toBe(40);
    expect(orbited(camera, 0, 1000).elevation).toBe(89);
    const half = between(cameraAt({ azimuth: 170 }), cameraAt({ azimuth: -170 }), 0.5);
    expect(Math.abs(half.azimuth)).toBeCloseTo(180, 9);
  });
});

describe('marks in the picture', () => {
  const lens = lensOf(cameraAt({ azimuth: 0, elevation: 0 }), 0, 800, 600);

  it('are where a single point is, sorted from back to front, faint first and selected last', () => {
    const marks = marksAt(
      [
        [0.5, 0.1, 0.2],
        [-0.5, 0, 0],
        [0, 0, 0],
        [-0.9, 0, 0],
        [0.9, 0, 0],
      ],
      [emphasis.usual, emphasis.usual, emphasis.usual, emphasis.selected, emphasis.faint],
    );
    const placed = placeMarks(marks, lens);
    const one = place(lens, 0.5, 0.1, 0.2, 0);
    expect(placed.x[0]).toBeCloseTo(one.x, 3);
    expect(placed.y[0]).toBeCloseTo(one.y, 3);
    expect([...placed.order]).toEqual([4, 1, 2, 0, 3]);
  });

  it('are picked: the front one of those that touch the point, the nearest of those beside it, none farther off', () => {
    const marks = marksAt([
      [-0.5, 0, 0],
      [0.5, 0, 0],
      [0, 0.5, 0],
    ]);
    const placed = placeMarks(marks, lens);
    expect(pickMark(placed, marks, 400, 300)).toBe(1);
    expect(pickMark(placed, marks, placed.x[2] + 7, placed.y[2])).toBe(2);
    expect(pickMark(placed, marks, placed.x[2] + 30, placed.y[2])).toBe(-1);
  });

  it('inside a lasso are those whose middle is, by the even-odd rule', () => {
    const square = [0, 0, 10, 0, 10, 10, 0, 10];
    expect(isInPolygon(5, 5, square)).toBe(true);
    expect(isInPolygon(15, 5, square)).toBe(false);
    // A line that crosses itself leaves its middle out.
    const star = [0, -10, 6, 8, -9.5, -3, 9.5, -3, -6, 8];
    expect(isInPolygon(0, 0, star)).toBe(false);
    expect(isInPolygon(0, -6, star)).toBe(true);
    const placed = placeMarks(
      marksAt([
        [0, 0, 0],
        [0, 0.5, 0],
      ]),
      lens,
    );
    expect(marksWithin(placed, [390, 290, 410, 290, 410, 310, 390, 310])).toEqual([0]);
    expect(marksWithin(placed, [390, 290, 410, 290])).toEqual([]);
  });
});

describe('the convex hull', () => {
  const cube = [0, 1, 2, 3, 4, 5, 6, 7].map((at) => [at & 1, (at >> 1) & 1, at >> 2]);

  /** Volume by the divergence theorem: right only where faces are wound outwards and close. */
  function volume(faces: Uint32Array, positions: Float32Array): number {
    let sum = 0;
    for (let at = 0; at < faces.length; at += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => positions.subarray(3 * faces[at + k], 3 * faces[at + k] + 3));
      sum +=
        a[0] * (b[1] * c[2] - b[2] * c[1]) -
        a[1] * (b[0] * c[2] - b[2] * c[0]) +
        a[2] * (b[0] * c[1] - b[1] * c[0]);
    }
    return sum / 6;
  }

  it('of a cube with points inside is the cube, closed and wound outwards', () => {
    const points = [...cube, [0.5, 0.5, 0.5], [0.2, 0.7, 0.4]];
    const positions = Float32Array.from(points.flat());
    const faces = hullFaces([...points.keys()], positions);
    expect(volume(faces, positions)).toBeCloseTo(1, 6);
    expect([...new Set(faces)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('holds every point', () => {
    const coordinate = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 1000);
    const point = fc.tuple(coordinate, coordinate, coordinate);
    fc.assert(
      fc.property(fc.array(point, { minLength: 5, maxLength: 40 }), (points) => {
        const positions = Float32Array.from(points.flat());
        const faces = hullFaces([...points.keys()], positions);
        for (let at = 0; at < faces.length; at += 3) {
          const [a, b, c] = [0, 1, 2].map((k) => [
            ...positions.subarray(3 * faces[at + k], 3 * faces[at + k] + 3),
          ]);
          const [u, v] = [b.map((value, k) => value - a[k]), c.map((value, k) => value - a[k])];
          const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
          const length = Math.hypot(...normal);
          if (length < 1e-4) continue;
          for (const p of points)
            expect(normal.reduce((sum, n, k) => sum + (n / length) * (p[k] - a[k]), 0)).toBeLessThan(1e-3);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('of fewer than four points, or of points in a plane, is empty', () => {
    expect(hullFaces([0, 1, 2], Float32Array.from(cube.flat()))).toHaveLength(0);
    const flat = Float32Array.from([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0.5, 0.2, 0]);
    expect(hullFaces([0, 1, 2, 3, 4], flat)).toHaveLength(0);
    expect(hullFaces([0, 0, 0, 0], flat)).toHaveLength(0);
  });
});

describe('words', () => {
  const lens = lensOf(cameraAt({ azimuth: 0, elevation: 0 }), 0, 800, 600);
  const axis = (at: [number, number, number], text: string): SceneLabel => ({
    ...{ at, text, side: 0, kind: 'axis' as const },
    from: [0, 0, 0],
  });

  it('stand beyond the ends of their axes, away from the middle', () => {
    const placed = placeLabels(
      [axis([0, 1, 0], 'right'), axis([0, -1, 0], 'left'), axis([0, 0, 1], 'up')],
      lens,
    );
    const of = (text: string) => placed.find((label) => label.text === text);
    expect(of('right')).toMatchObject({ anchor: 'start', x: 400 + lens.pixels + 10 });
    expect(of('left')).toMatchObject({ anchor: 'end', x: 400 - lens.pixels - 10 });
    expect(of('up')?.anchor).toBe('middle');
    expect(of('up')?.y).toBeLessThan(300 - lens.pixels);
  });

  it('never cover each other, and stay inside the picture', () => {
    const many = Array.from({ length: 12 }, (_, at) => axis([0, 1, at / 400], `canonical direction ${at}`));
    const placed = placeLabels(many, lensOf(homeCamera, 0, 420, 300));
    expect(placed.length).toBeLessThan(12);
    expect(placed.length).toBeGreaterThan(0);
    for (const { x, y, anchor, text } of placed) {
      const width = 6.3 * text.length;
      const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(421);
      expect(y).toBeGreaterThan(0);
    }
  });
});

it('a picture by the processor has the same bytes here as where figures are written', () => {
  const picture = rasterise(crowdedScene(64), lensOf(homeCamera, 0, 180, 180), inks, 1);
  expect(hashOf(picture.rgb)).toBe(crowdedHash);
});
