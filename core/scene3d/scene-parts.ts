import { eyeDistance, type Lens } from './camera.ts';
import { bodyAlpha, lineLook, linkLook } from './looks.ts';
import { rgbOf, type SceneData, type SceneInks } from './scene-data.ts';

/** Straight lines with a colour and a width each. */
export interface Segments {
  count: number;
  /** [6n] both ends */
  ends: Float32Array;
  /** [2n] the frames of both ends */
  sides: Int8Array;
  /** [4n] */
  ink: Uint8Array;
  /** [n] CSS pixels */
  width: Float32Array;
}

/** Triangles with a colour each. */
export interface Bodies {
  /** [9n] */
  corners: Float32Array;
  /** [3n] */
  sides: Int8Array;
  /** [4 x 3n] */
  ink: Uint8Array;
}

/** Links between marks, the selected ones last so that they are drawn over the others. */
export function linkSegments({ links, marks }: SceneData, inks: SceneInks): Segments {
  const count = links.from.length;
  const segments = blank(count);
  const order = [...links.from.keys()].sort((i, j) => links.isSelected[i] - links.isSelected[j]);
  const [plain, strong] = [rgbOf(inks.text), rgbOf(inks.accent)];
  order.forEach((link, i) => {
    const [from, to] = [links.from[link], links.to[link]];
    segments.ends.set(marks.positions.subarray(3 * from, 3 * from + 3), 6 * i);
    segments.ends.set(marks.positions.subarray(3 * to, 3 * to + 3), 6 * i + 3);
    segments.sides[2 * i] = marks.side[from];
    segments.sides[2 * i + 1] = marks.side[to];
    const isSelected = links.isSelected[link] === 1;
    const { width, alpha } = linkLook(links.strength[link], isSelected);
    segments.ink.set([...(isSelected ? strong : plain), 255 * alpha], 4 * i);
    segments.width[i] = width;
  });
  return segments;
}

/** Axes and circles of the frame, and the outlines of its spheres as they are seen. */
export function frameSegments({ lines, spheres }: SceneData, lens: Lens, inks: SceneInks): Segments {
  const outlines = spheres.flatMap((side) => {
    const ring = outline(lens);
    return ring.map((from, at) => ({
      from,
      to: ring[(at + 1) % ring.length],
      side,
      kind: 'guide' as const,
    }));
  });
  const all = [...lines, ...outlines];
  const segments = blank(all.length);
  const ink = rgbOf(inks.line);
  all.forEach(({ from, to, side, kind }, i) => {
    segments.ends.set(from, 6 * i);
    segments.ends.set(to, 6 * i + 3);
    segments.sides.fill(side, 2 * i, 2 * i + 2);
    segments.ink.set([...ink, 255 * lineLook[kind].alpha], 4 * i);
    segments.width[i] = lineLook[kind].width;
  });
  return segments;
}

export function hullBodies({ hulls, marks }: SceneData): Bodies {
  const count = hulls.reduce((sum, { faces }) => sum + faces.length, 0);
  const bodies = {
    corners: new Float32Array(3 * count),
    sides: new Int8Array(count),
    ink: new Uint8Array(4 * count),
  };
  let at = 0;
  for (const { faces, colour, isFaint } of hulls) {
    const alpha = 255 * (isFaint ? bodyAlpha.faint : bodyAlpha.usual);
    for (const mark of faces) {
      bodies.corners.set(marks.positions.subarray(3 * mark, 3 * mark + 3), 3 * at);
      bodies.sides[at] = marks.side[mark];
      bodies.ink.set([...colour, alpha], 4 * at);
      at++;
    }
  }
  return bodies;
}

/** The spheres as thin glass: clear in the middle, a breath of colour towards the outline. */
export function globeBodies({ spheres }: SceneData, lens: Lens, inks: SceneInks): Bodies {
  const ring = spheres.length > 0 ? outline(lens) : [];
  const middle = [0, 1, 2].map((k) => ring.reduce((sum, point) => sum + point[k] / ring.length, 0));
  const count = 3 * ring.length * spheres.length;
  const bodies = {
    corners: new Float32Array(3 * count),
    sides: new Int8Array(count),
    ink: new Uint8Array(4 * count),
  };
  const ink = rgbOf(inks.accent);
  let at = 0;
  for (const side of spheres) {
    ring.forEach((point, index) => {
      for (const corner of [middle, point, ring[(index + 1) % ring.length]]) {
        bodies.corners.set(corner, 3 * at);
        bodies.sides[at] = side;
        bodies.ink.set([...ink, corner === middle ? 0 : 255 * rimAlpha], 4 * at);
        at++;
      }
    });
  }
  return bodies;
}

const rimAlpha = 0.13;
const ringPoints = 96;

/** Points of the outline of the unit sphere about the origin: where lines of sight touch it. */
function outline({ rotation: r, target, isPerspective }: Lens): [number, number, number][] {
  const eye = [0, 1, 2].map((k) => target[k] + eyeDistance * r[6 + k]);
  const distance = Math.hypot(...eye);
  const hasHorizon = isPerspective && distance > 1.01;
  const toEye = hasHorizon ? eye.map((value) => value / distance) : [r[6], r[7], r[8]];
  const centre = hasHorizon ? toEye.map((value) => value / distance) : [0, 0, 0];
  const radius = hasHorizon ? Math.sqrt(1 - 1 / distance ** 2) : 1;
  // Two directions at right angles to the line of sight.
  const right = unit(cross([r[3], r[4], r[5]], toEye));
  const up = cross(toEye, right);
  return Array.from({ length: ringPoints }, (_, at) => {
    const angle = (2 * Math.PI * at) / ringPoints;
    const [c, s] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    return [0, 1, 2].map((k) => centre[k] + c * right[k] + s * up[k]) as [number, number, number];
  });
}

function cross(a: readonly number[], b: readonly number[]): number[] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(v: readonly number[]): number[] {
  const length = Math.hypot(...v) || 1;
  return v.map((value) => value / length);
}

function blank(count: number): Segments {
  return {
    count,
    ends: new Float32Array(6 * count),
    sides: new Int8Array(2 * count),
    ink: new Uint8Array(4 * count),
    width: new Float32Array(count),
  };
}
