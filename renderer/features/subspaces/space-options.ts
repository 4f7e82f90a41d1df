import { homeCamera, type Camera } from '#core/scene3d/camera.ts';
import { colourings, type Colouring } from '#core/space/colouring.ts';
import type { Axes } from '#core/space/frames.ts';
import type { SceneChoices } from '#core/space/build-scene.ts';
import { frameNames, type FrameName } from '#core/space/space-data.ts';

/** What is set in the view, as plain values: part of the state that Undo restores and a picture is made from. */
export const spaceDefaults = {
  frame: 'aligned',
  /** The frame that the units come from, and how far they are on the way: 1 is there. */
  mixFrom: '',
  mix: 1,
  scope: 'pair',
  axisX: 0,
  axisY: 1,
  axisZ: 2,
  colouring: 'network',
  /** Number of groups of the shown cut; 0: the first that is stored. */
  k: 0,
  hasLinks: true,
  linksFrom: 0.5,
  hasHulls: false,
  hasList: false,
  azimuth: homeCamera.azimuth,
  elevation: homeCamera.elevation,
  zoom: homeCamera.zoom,
  targetX: homeCamera.targetX,
  targetY: homeCamera.targetY,
  targetZ: homeCamera.targetZ,
  projection: homeCamera.projection as string,
};
export type SpaceOptions = typeof spaceDefaults;

export function cameraOf(options: SpaceOptions): Camera {
  const { azimuth, elevation, zoom, targetX, targetY, targetZ, projection } = options;
  return {
    ...{ azimuth, elevation, zoom, targetX, targetY, targetZ },
    projection: projection === 'orthographic' ? 'orthographic' : 'perspective',
  };
}

/** Short numbers, so that a camera can be read and typed. */
export function roundedCamera(camera: Camera): Camera {
  const to = (value: number, digits: number) => Number(value.toFixed(digits)) + 0;
  return {
    azimuth: to(camera.azimuth, 1),
    elevation: to(camera.elevation, 1),
    zoom: to(camera.zoom, 3),
    targetX: to(camera.targetX, 4),
    targetY: to(camera.targetY, 4),
    targetZ: to(camera.targetZ, 4),
    projection: camera.projection,
  };
}

export function choicesOf(options: SpaceOptions): SceneChoices {
  return {
    frame: known(frameNames, options.frame),
    from: frameNames.find((name) => name === options.mixFrom) ?? null,
    mix: Math.min(1, Math.max(0, options.mix)),
    axes: [options.axisX, options.axisY, options.axisZ] as Axes,
    colouring: known(colourings, options.colouring),
    hasLinks: options.hasLinks,
    linksFrom: options.linksFrom,
    hasHulls: options.hasHulls,
  };
}

function known<T extends FrameName | Colouring>(names: readonly T[], asked: string): T {
  return names.find((name) => name === asked) ?? names[0];
}
