import { describe, expect, it } from 'vitest';
import type { RgbImage } from '#core/figure/scene.ts';
import { homeCamera, lensOf } from '#core/scene3d/camera.ts';
import { rasterise } from '#core/scene3d/rasterise.ts';
import { emptyScene, shapeOrder, type SceneData } from '#core/scene3d/scene-data.ts';
import { crowdedHash, crowdedScene, hashOf, inks, lensOfSize, plainView, sceneOf } from './scene-example.ts';

const side = 121;
const middle = (side - 1) / 2;

const draw = (scene: SceneData, view = plainView): RgbImage =>
  rasterise(scene, lensOfSize(side, view), inks, 1);
const pixel = ({ rgb, cols }: RgbImage, x: number, y: number): number[] => [
  ...rgb.subarray(3 * (y * cols + x), 3 * (y * cols + x) + 3),
];
const red: [number, number, number] = [200, 0, 0];
const blue: [number, number, number] = [0, 0, 200];
const isRed = ([r, , b]: number[]): boolean => r > b + 100;
const ink = ({ rgb }: RgbImage): number => rgb.reduce((sum, value) => sum + 255 - value, 0);

describe('a rasterised scene', () => {
  it('of nothing is the page', () => {
    const { rgb, rows, cols } = draw(emptyScene);
    expect([rows, cols, rgb.length]).toEqual([side, side, 3 * side * side]);
    expect(rgb.every((value) => value === 255)).toBe(true);
  });

  it('has a mark of its colour where the lens puts it, as large as asked, and nothing elsewhere', () => {
    const picture = draw(sceneOf([{ at: [0, 0.5, 0.25], colour: red }]));
    const { pixels } = lensOfSize(side);
    const [x, y] = [Math.floor(side / 2 + 0.5 * pixels), Math.floor(side / 2 - 0.25 * pixels)];
    // Fogged by its depth 0 and lit by a tenth: a red between.
    const [r, g, b] = pixel(picture, x, y);
    expect(isRed([r, g, b])).toBe(true);
    expect(g).toBe(b);
    const touched = [...Array(side * side).keys()].filter((at) => picture.rgb[3 * at + 1] < 250);
    const area = Math.PI * (0.84 * 6) ** 2;
    expect(touched.length).toBeGreaterThan(0.85 * area);
    expect(touched.length).toBeLessThan(1.25 * area);
  });

  it.each([...shapeOrder.keys()])(
    'draws shape %i, symmetrical about its vertical but for its light',
    (shape) => {
      const picture = draw(sceneOf([{ at: [0, 0, 0], shape }], {}, 60));
      const isInk = (x: number, y: number): boolean => pixel(picture, x, y)[1] < 230;
      let count = 0;
      for (let y = 0; y < side; y++)
        for (let x = 0; x < middle; x++) {
          if (isInk(x, y)) count++;
          expect(isInk(side - 1 - x, y)).toBe(isInk(x, y));
        }
      expect(count).toBeGreaterThan(300);
    },
  );

  it('shows the nearer of two marks, whatever their order', () => {
    const near = { at: [0.5, 0, 0] as [number, number, number], colour: red };
    const far = { at: [-0.5, 0, 0] as [number, number, number], colour: blue };
    const one = draw(sceneOf([near, far]));
    expect(isRed(pixel(one, middle, middle))).toBe(true);
    expect(hashOf(draw(sceneOf([far, near])).rgb)).toBe(hashOf(one.rgb));
    expect(isRed(pixel(draw(sceneOf([near, far]), { ...plainView, azimuth: 180 }), middle, middle))).toBe(
      false,
    );
  });

  it('shows what is farther smaller and paler', () => {
    const view = { ...plainView, projection: 'perspective' as const };
    const near = draw(sceneOf([{ at: [0.9, 0, 0] }]), view);
    const far = draw(sceneOf([{ at: [-0.9, 0, 0] }]), view);
    expect(pixel(far, middle, middle)[0]).toBeGreaterThan(pixel(near, middle, middle)[0] + 60);
    expect(ink(far)).toBeLessThan(0.5 * ink(near));
  });

  it('hides a link behind a mark and not one before it', () => {
    const ends = (x: number) =>
      [{ at: [x, -0.9, 0] }, { at: [x, 0.9, 0] }] as { at: [number, number, number] }[];
    const links = {
      from: Uint32Array.of(0),
      to: Uint32Array.of(1),
      strength: Float32Array.of(1),
      isSelected: new Uint8Array(1),
    };
    const mark = {
      at: [0, 0, 0] as [number, number, number],
      colour: [250, 250, 0] as [number, number, number],
    };
    const alone = pixel(draw(sceneOf([mark])), middle, middle);
    const behind = draw(sceneOf([...ends(-0.5), mark], { links }));
    expect(pixel(behind, middle, middle)).toEqual(alone);
    expect(pixel(behind, middle + 20, middle)[0]).toBeLessThan(220);
    const before = draw(sceneOf([...ends(0.5), mark], { links }));
    expect(pixel(before, middle, middle)[0]).toBeLessThan(alone[0] - 40);
  });

  it('has no seam where two triangles of a body meet, and lets see through it', () => {
    const corners: [number, number, number][] = [
      [0, -0.8, -0.8],
      [0, 0.8, -0.8],
      [0, 0.8, 0.8],
      [0, -0.8, 0.8],
    ];
    const scene = sceneOf(
      corners.map((at) => ({ at })),
      {
        hulls: [{ faces: Uint32Array.from([0, 1, 2, 0, 2, 3]), colour: red, isFaint: false }],
      },
    );
    scene.marks.size = 0.001;
    const picture = draw(scene);
    const at = (offset: number) => pixel(picture, middle + offset, middle - offset);
    expect(at(0)[0]).toBeGreaterThan(at(0)[1]);
    expect(at(0)[1]).toBeGreaterThan(200);
    for (let offset = -30; offset <= 30; offset++) expect(at(offset)).toEqual(at(0));
  });

  it('mirrors with its scene', () => {
    const link = (y: number): SceneData =>
      sceneOf([{ at: [0, -y, -0.7] }, { at: [0.3, y, 0.6] }], {
        links: {
          from: Uint32Array.of(0),
          to: Uint32Array.of(1),
          strength: Float32Array.of(1),
          isSelected: new Uint8Array(1),
        },
      });
    const [one, other] = [0.8, -0.8].map((y) => {
      const scene = link(y);
      scene.marks.size = 0.001;
      return draw(scene);
    });
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        expect(Math.abs(pixel(one, x, y)[0] - pixel(other, side - 1 - x, y)[0])).toBeLessThanOrEqual(1);
  });

  it('keeps its composition at any size', () => {
    const scene = crowdedScene(24);
    const small = rasterise(scene, lensOf(homeCamera, 0, 60, 60), inks, 0.5);
    const large = rasterise(scene, lensOf(homeCamera, 0, 120, 120), inks, 1);
    let difference = 0;
    for (let y = 0; y < 60; y++)
      for (let x = 0; x < 60; x++) {
        const of = [0, 1].flatMap((dy) => [0, 1].map((dx) => pixel(large, 2 * x + dx, 2 * y + dy)[1]));
        difference += Math.abs(pixel(small, x, y)[1] - of.reduce((sum, value) => sum + value) / 4);
      }
    expect(difference / 3600).toBeLessThan(3);
  });

  it('is the same every time, and of 8,192 units', () => {
    const picture = rasterise(crowdedScene(64), lensOf(homeCamera, 0, 180, 180), inks, 1);
    expect(hashOf(picture.rgb)).toBe(crowdedHash);
    const crowd = rasterise(crowdedScene(8192), lensOf(homeCamera, 0, 300, 300), inks, 1);
    expect(ink(crowd)).toBeGreaterThan(1e6);
  });
});
