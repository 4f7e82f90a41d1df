import { describe, expect, it } from 'vitest';
import type { PairTable } from '#core/ipc/areas/result.ts';
import { buildScene, markSize, type SceneChoices } from '#core/space/build-scene.ts';
import { clusterColour, colourUnits } from '#core/space/colouring.ts';
import { buildFrame, usableAxes } from '#core/space/frames.ts';
import { renderSubspaceView } from '#renderer/features/subspaces/render-subspace-view.ts';
import { makeSpace, type SpaceParts } from '#core/space/space-data.ts';
import { layoutUmap } from '#renderer/features/subspaces/umap-layout.ts';
import { unitFilter } from '#renderer/features/subspaces/unit-filter.ts';
import { homeCamera } from '#core/scene3d/camera.ts';
import { emphasis } from '#core/scene3d/scene-data.ts';

/** Three units of A (the second dead), two of B, in four dimensions. */
const table = {
  unitA: Int32Array.of(0, 1, 2),
  matchB: Int32Array.of(1, -1, 0),
  matchValue: Float64Array.of(0.9, 0, 0.4),
} as PairTable;
const wave = (count: number) => Float64Array.from({ length: count }, (_, at) => Math.sin(1.3 * at) / 2);
const array = (name: string, data: Int32Array, cols = data.length) => ({
  ...{ name, dtype: 'int32' as const, rows: data.length / cols, cols, data },
});
const parts: SpaceParts = {
  key: 'made up',
  networks: [
    { name: 'A', look: 0, units: 3 },
    { name: 'B', look: 2, units: 2 },
  ],
  dead: [Uint8Array.of(0, 1, 0), Uint8Array.of(0, 0)],
  means: [Float64Array.of(1, 0, 3), Float64Array.of(2, 4)],
  aligned: { values: wave(20), worth: [0.9, 0.8, 0.7, 0.6] },
  own: { values: wave(20), worth: [0.5, 0.2, 0.1, 0.1], otherWorth: [0.4, 0.3, 0.1, 0.1] },
  profile: { values: wave(20), worth: [0.5, 0.2, 0.1, 0.1] },
  nearest: {
    neighbours: array('n', Int32Array.of(2, 3, -1, -1, 0, 3, 4, 0, 3, 2), 2),
    distances: { ...array('d', new Int32Array(10), 2), dtype: 'float64', data: wave(10) },
  },
  tables: [{ a: 'A', b: 'B', table }],
  clusters: {
    entry: { id: 'clusters' } as NonNullable<SpaceParts['clusters']>['entry'],
    names: ['A', 'B'],
    arrays: [
      array('network', Int32Array.of(0, 0, 1, 1)),
      array('unit', Int32Array.of(0, 2, 0, 1)),
      array('labels-2', Int32Array.of(0, 1, 1, 0)),
    ],
  },
  many: {
    names: ['B', 'A'],
    arrays: [
      array('network', Int32Array.of(0, 0, 1, 1, 1)),
      array('unit', Int32Array.of(0, 1, 0, 1, 2)),
      {
        ...array('convergence', new Int32Array(5)),
        dtype: 'float64',
        data: Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5),
      },
    ],
  },
};
const space = makeSpace(parts);
const choices: SceneChoices = {
  frame: 'aligned',
  axes: [0, 1, 2],
  colouring: 'network',
  hasLinks: true,
  linksFrom: 0.5,
  hasHulls: false,
};
const nobody = { selected: [], isInGroup: null, cluster: null };

describe('a space', () => {
  it('has a row for every live unit, whatever order its results name networks in', () => {
    expect(space.count).toBe(4);
    expect(space.deadUnits).toBe(1);
    expect([...space.network]).toEqual([0, 0, 1, 1]);
    expect([...space.unit]).toEqual([0, 2, 0, 1]);
    expect([space.rowOf('A', 1), space.rowOf('A', 2), space.rowOf('B', 1), space.rowOf('C', 0)]).toEqual([
      -1, 1, 3, -1,
    ]);
    expect([...(space.convergence ?? [])]).toEqual([0.3, 0.5, 0.1, 0.2]);
    expect([...(space.mean ?? [])]).toEqual([1, 3, 2, 4]);
    expect([...space.cuts[0].labels]).toEqual([0, 1, 1, 0]);
    expect([...(space.aligned?.values.subarray(4, 8) ?? [])]).toEqual([...wave(20).subarray(8, 12)]);
    expect([...(space.neighbours?.nearest ?? [])]).toEqual([1, 2, 0, 2, 3, 0, 2, 1]);
  });

  it('knows the strongest match of both units of a pair', () => {
    expect([...space.matches.r]).toEqual([0.9, 0.4]);
    expect([...space.matchR]).toEqual([0.9, 0.4, 0.4, 0.9]);
    expect([...space.partner]).toEqual([3, 2, 1, 0]);
  });
});

describe('frames', () => {
  it('aligned: the chosen dimensions as they are, with their ρ, in a sphere of radius 1', () => {
    const frame = buildFrame(space, 'aligned', [2, 0, 3], null);
    const from = space.aligned?.values ?? [];
    expect([...(frame?.positions.subarray(0, 3) ?? [])]).toEqual(
      [from[2], from[0], from[3]].map(Math.fround),
    );
    expect(frame?.labels.filter(({ kind }) => kind === 'axis').map(({ text }) => text)).toEqual([
      'canonical direction 3, ρ .70',
      'canonical direction 1, ρ .90',
      'canonical direction 4, ρ .60',
    ]);
    expect(frame?.apart).toBe(0);
    expect(frame?.spheres).toEqual([0]);
  });

  it('own: both networks apart, each with its name and the shares of its own components', () => {
    const frame = buildFrame(space, 'own', [0, 1, 2], null);
    expect(frame?.apart).toBeGreaterThan(1);
    const texts = (side: number) =>
      frame?.labels.filter((label) => label.side === side).map(({ text }) => text);
    expect(texts(-1)).toEqual(expect.arrayContaining(['A', 'component 1, 50 %']));
    expect(texts(1)).toEqual(expect.arrayContaining(['B', 'component 1, 40 %']));
  });

  it('profile and UMAP: about their middle, proportions kept; UMAP has no axes', () => {
    const profile = buildFrame(space, 'profile', [0, 1, 2], null);
    for (let k = 0; k < 3; k++) {
      let sum = 0;
      for (let row = 0; row < 4; row++) sum += profile?.positions[3 * row + k] ?? NaN;
      expect(sum).toBeCloseTo(0, 5);
    }
    expect(buildFrame(space, 'umap', [0, 1, 2], null)).toBeNull();
    const umap = { dimensions: 3, values: wave(12), worth: [] };
    expect(buildFrame(space, 'umap', [0, 1, 2], umap)).toMatchObject({ labels: [], lines: [], apart: 0 });
  });

  it('without three different dimensions to choose from takes the first', () => {
    expect(usableAxes([3, 3, 1], 8)).toEqual([0, 1, 2]);
    expect(usableAxes([5, 0, 1], 4)).toEqual([0, 1, 2]);
    expect(usableAxes([5, 0, 1], 8)).toEqual([5, 0, 1]);
    const flat = makeSpace({ ...parts, aligned: { values: wave(10), worth: [0.9, 0.8] } });
    const frame = buildFrame(flat, 'aligned', [0, 1, 2], null);
    expect(frame?.positions[2]).toBe(0);
    expect(frame?.labels.filter(({ kind }) => kind === 'axis')).toHaveLength(2);
  });
});

describe('on the way from one frame to another', () => {
  const at = (mix: number) =>
    buildScene(space, { ...choices, frame: 'own', from: 'aligned', mix }, null, null, nobody, 'light')!.scene;

  it('units stand between their two places, and the picture is that of the nearer frame', () => {
    const [start, goal] = ['aligned' as const, 'own' as const].map(
      (frame) => buildScene(space, { ...choices, frame }, null, null, nobody, 'light')!.scene,
    );
    const half = at(0.5);
    half.marks.positions.forEach((value, place) =>
      expect(value).toBeCloseTo((start.marks.positions[place] + goal.marks.positions[place]) / 2, 6),
    );
    expect(half.apart).toBeCloseTo(goal.apart / 2, 6);
    expect(at(0.25).labels).toEqual(start.labels);
    expect(at(0.75).labels).toEqual(goal.labels);
    expect(at(1).marks.positions).toEqual(goal.marks.positions);
  });
});

describe('the scene', () => {
  it('has links from the threshold on, and those of a selected unit always', () => {
    const links = (linksFrom: number, selected: number[], hasLinks = true) =>
      buildScene(space, { ...choices, linksFrom, hasLinks }, null, null, { ...nobody, selected }, 'light')
        ?.scene.links;
    expect([...(links(0.5, [])?.from ?? [])]).toEqual([0]);
    expect([...(links(0, [])?.strength ?? [])]).toEqual([0.9, 0.4].map(Math.fround));
    expect([...(links(0.5, [2], false)?.isSelected ?? [])]).toEqual([1]);
  });

  it('lets a group stand out, and the selected pair more', () => {
    const selection = { selected: [3, -1], isInGroup: (row: number) => row < 2, cluster: null };
    const built = buildScene(space, choices, null, null, selection, 'light');
    const { grouped, faint, selected } = emphasis;
    expect([...(built?.scene.marks.emphasis ?? [])]).toEqual([grouped, grouped, faint, selected]);
  });

  it('gives networks their own colours and shapes, clusters the clusters’, values a scale', () => {
    const byNetwork = buildScene(space, choices, null, null, nobody, 'light');
    expect([...(byNetwork?.scene.marks.shape ?? [])]).toEqual([0, 0, 2, 2]);
    expect([...(byNetwork?.scene.marks.colour.subarray(0, 3) ?? [])]).toEqual([0, 0x72, 0xb2]);
    const clusters = colourUnits(space, 'cluster', space.cuts[0], 'light');
    expect(clusters.legend).toMatchObject({ kind: 'clusters', k: 2, other: 0 });
    expect([...clusters.colour.subarray(0, 3)]).toEqual([...clusters.colour.subarray(9, 12)]);
    const mean = colourUnits(space, 'mean', null, 'light');
    expect(mean.legend).toMatchObject({ kind: 'scale', low: '1.000', high: '4.000', missing: false });
    // Sixteen clusters are told apart before colours repeat.
    expect(new Set(Array.from({ length: 16 }, (_, at) => clusterColour(at, 'light'))).size).toBe(16);
  });

  it('never draws marks under 6 pixels', () => {
    expect(markSize(8192)).toBeGreaterThanOrEqual(6);
    expect(markSize(1_000_000)).toBe(6);
  });
});

it('the list finds units by network, number and cluster: whole numbers, in any order', () => {
  const unit = { network: 'Net1', unit: 12, cluster: 3 };
  const finds = ['', 'net1', '12', 'NET1 12', 'cluster 3', '12 cluster 3 net', 'unit 12'];
  const misses = ['net2', '1', '2', '3', 'cluster 12', 'cluster 3 13'];
  for (const text of finds) expect(unitFilter(text)(unit), text).toBe(true);
  for (const text of misses) expect(unitFilter(text)(unit), text).toBe(false);
});

describe('UMAP', () => {
  /** Two rings of 20 units that do not touch. */
  const rings = () => {
    const [count, size] = [4, 20];
    const nearest = new Int32Array(2 * size * count);
    const distance = new Float64Array(nearest.length);
    for (let row = 0; row < 2 * size; row++) {
      const start = row < size ? 0 : size;
      [1, -1, 2, -2].forEach((step, at) => {
        nearest[row * count + at] = start + ((row - start + step + size) % size);
        distance[row * count + at] = Math.abs(step);
      });
    }
    return { count, nearest, distance };
  };

  it('is the same every time, and keeps neighbours near', () => {
    const [first, second] = [layoutUmap(rings()), layoutUmap(rings())];
    expect(first).toEqual(second);
    const places = first ?? new Float64Array(0);
    expect(places).toHaveLength(120);
    const far = (i: number, j: number) =>
      Math.hypot(...[0, 1, 2].map((k) => places[3 * i + k] - places[3 * j + k]));
    let [near, all] = [0, 0];
    for (let row = 0; row < 40; row++) {
      const start = row < 20 ? 0 : 20;
      near += far(row, start + ((row - start + 1) % 20)) / 40;
      all += far(row, (row + 17) % 40) / 40;
    }
    expect(near).toBeLessThan(0.5 * all);
  });

  it('says null where there are too few units', () => {
    expect(
      layoutUmap({ count: 1, nearest: Int32Array.of(1, 0), distance: Float64Array.of(1, 1) }),
    ).toBeNull();
  });
});

describe('a saved picture', () => {
  const spec = {
    ...{ space, choices, cut: space.cuts[0], umap: null, selection: nobody, camera: homeCamera },
    ...{ theme: 'light' as const, designWidth: 400, hasLabels: false },
  };
  const pixels = (canvas: HTMLCanvasElement) =>
    canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray(0);

  it('is the same for the same spec, and another for another camera', () => {
    const [first, second] = [0, 1].map(() => pixels(renderSubspaceView(spec, 400, 300).canvas));
    expect(first).toEqual(second);
    const turned = { ...spec, camera: { ...homeCamera, azimuth: 80 } };
    expect(pixels(renderSubspaceView(turned, 400, 300).canvas)).not.toEqual(first);
    // The page, the networks' colours and the rest of the frame are there.
    const inks = new Set(new Uint32Array(first.buffer));
    expect(inks.size).toBeGreaterThan(50);
  });

  it('keeps its composition at any size, with the places of its words in its own pixels', () => {
    const small = renderSubspaceView(spec, 400, 300);
    const large = renderSubspaceView(spec, 1200, 900);
    expect(large.ratio).toBe(3);
    expect(large.labels).toHaveLength(small.labels.length);
    large.labels.forEach((label, at) => {
      expect(label.x).toBeCloseTo(3 * small.labels[at].x, 6);
      expect(label.y).toBeCloseTo(3 * small.labels[at].y, 6);
    });
    expect(small.labels.map(({ text }) => text)).toContain('canonical direction 1, ρ .90');
  });

  it('of a size that cannot be made is refused', () => {
    expect(() => renderSubspaceView(spec, 10_000, 300)).toThrow(/16 to 8192/);
  });
});
