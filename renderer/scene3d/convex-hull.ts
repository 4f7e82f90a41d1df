import { Vector3 } from 'three';
import { ConvexHull } from 'three/examples/jsm/math/ConvexHull.js';

/** Fewer points, or points in a plane, enclose nothing. */
const fewest = 4;
const flat = 1e-6;

/**
 * The convex hull of some marks as triangles of mark indices, wound anticlockwise seen from outside
 * (Barber, Dobkin & Huhdanpaa 1996, doi:10.1145/235815.235821). Empty where the marks lie in a plane.
 */
export function hullFaces(members: readonly number[], positions: Float32Array): Uint32Array {
  if (members.length < fewest || isFlat(members, positions)) return new Uint32Array(0);
  const points = members.map((mark) => new MarkPoint(mark, positions));
  const hull = new ConvexHull().setFromPoints(points);
  const faces: number[] = [];
  for (const face of hull.faces) {
    const first = face.edge;
    let edge = first.next;
    // A face may have more than three corners where points are coplanar.
    while (edge.next !== first) {
      faces.push(markOf(first), markOf(edge), markOf(edge.next));
      edge = edge.next;
    }
  }
  return Uint32Array.from(faces);
}

class MarkPoint extends Vector3 {
  readonly mark: number;

  constructor(mark: number, positions: Float32Array) {
    super(positions[3 * mark], positions[3 * mark + 1], positions[3 * mark + 2]);
    this.mark = mark;
  }
}

function markOf(edge: { head(): { point: Vector3 } }): number {
  return (edge.head().point as MarkPoint).mark;
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
