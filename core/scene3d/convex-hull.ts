/** Fewer points, or points in a plane, enclose nothing. */
const fewest = 4;
const flat = 1e-6;

/** A triangle of a hull: its corners anticlockwise seen from outside, and the plane through them. */
interface Face {
  corners: readonly [number, number, number];
  normal: readonly [number, number, number];
  offset: number;
}

/**
 * The convex hull of some marks as triangles of mark indices, wound anticlockwise seen from outside: point after point,
 * the faces that it sees give way to those between it and their outline (Kallay 1984, doi:10.1016/0020-0190(84)90084-X).
 * Empty where the marks lie in a plane.
 */
export function hullFaces(members: readonly number[], positions: Float32Array): Uint32Array {
  if (members.length < fewest || isFlat(members, positions)) return new Uint32Array(0);
  const first = firstBody(members, positions);
  if (!first) return new Uint32Array(0);
  const { corners, size } = first;
  const inside = [0, 1, 2].map((k) => corners.reduce((sum, mark) => sum + positions[3 * mark + k] / 4, 0));
  const faceOf = (a: number, b: number, c: number): Face => outwardFace(a, b, c, inside, positions);
  const [p, q, r, s] = corners;
  let faces = [faceOf(p, q, r), faceOf(p, q, s), faceOf(p, r, s), faceOf(q, r, s)];
  for (const mark of members) {
    if (corners.includes(mark)) continue;
    const seen = faces.filter((face) => heightOver(face, mark, positions) > 1e-7 * size);
    if (seen.length === 0) continue;
    const edges = new Map<string, [number, number]>();
    for (const {
      corners: [a, b, c],
    } of seen) {
      for (const [from, to] of [
        [a, b],
        [b, c],
        [c, a],
      ] as const) {
        // An edge between two seen faces runs both ways: it is no part of the outline.
        if (!edges.delete(`${to} ${from}`)) edges.set(`${from} ${to}`, [from, to]);
      }
    }
    const gone = new Set(seen);
    faces = faces.filter((face) => !gone.has(face));
    for (const [from, to] of edges.values()) faces.push(planeOf(from, to, mark, positions));
  }
  return Uint32Array.from(faces.flatMap(({ corners: abc }) => [...abc]));
}

/** Four marks far from each other, and how far. */
function firstBody(
  members: readonly number[],
  positions: Float32Array,
): { corners: number[]; size: number } | undefined {
  const at = (mark: number): number[] => [...positions.subarray(3 * mark, 3 * mark + 3)];
  const farthest = (distance: (point: number[]) => number): number =>
    members.reduce((best, mark) => (distance(at(mark)) > distance(at(best)) ? mark : best), members[0]);
  const p = at(members[0]);
  const from = (o: number[], x: number[]): number[] => x.map((value, k) => value - o[k]);
  const length = (v: readonly number[]): number => Math.hypot(...v);
  const second = farthest((x) => length(from(p, x)));
  const along = from(p, at(second));
  const third = farthest((x) => length(cross(along, from(p, x))));
  const normal = cross(along, from(p, at(third)));
  const fourth = farthest((x) => Math.abs(dot(normal, from(p, x))));
  const corners = [members[0], second, third, fourth];
  if (Math.abs(dot(normal, from(p, at(fourth)))) === 0) return undefined;
  return { corners, size: length(along) };
}

function outwardFace(a: number, b: number, c: number, inside: number[], positions: Float32Array): Face {
  const face = planeOf(a, b, c, positions);
  return dot(face.normal, inside) > face.offset ? planeOf(a, c, b, positions) : face;
}

function planeOf(a: number, b: number, c: number, positions: Float32Array): Face {
  const edge = (to: number): number[] => [0, 1, 2].map((k) => positions[3 * to + k] - positions[3 * a + k]);
  const raw = cross(edge(b), edge(c));
  const size = Math.hypot(...raw) || 1;
  const normal = [raw[0] / size, raw[1] / size, raw[2] / size] as const;
  return { corners: [a, b, c], normal, offset: dot(normal, positions.subarray(3 * a, 3 * a + 3)) };
}

function heightOver({ normal, offset }: Face, mark: number, positions: Float32Array): number {
  const at = 3 * mark;
  return normal[0] * positions[at] + normal[1] * positions[at + 1] + normal[2] * positions[at + 2] - offset;
}

function cross(a: readonly number[], b: readonly number[]): [number, number, number] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Whether the points span less than a volume: the determinant of their scatter is that of a flat body. */
function isFlat(members: readonly number[], positions: Float32Array): boolean {
  const mean = [0, 0, 0];
  for (const mark of members) for (let k = 0; k < 3; k++) mean[k] += positions[3 * mark + k] / members.length;
  const s = [0, 0, 0, 0, 0, 0];
  for (const mark of members) {
    const [x, y, z] = [0, 1, 2].map((k) => positions[3 * mark + k] - mean[k]);
    [x * x, y * y, z * z, x * y, x * z, y * z].forEach((value, at) => (s[at] += value / members.length));
  }
  const determinant =
    s[0] * (s[1] * s[2] - s[5] * s[5]) -
    s[3] * (s[3] * s[2] - s[5] * s[4]) +
    s[4] * (s[3] * s[5] - s[1] * s[4]);
  const size = s[0] + s[1] + s[2];
  return !(determinant > flat * size ** 3 * 1e-3);
}
