import type { Theme } from '#core/figure/colour/sets.ts';
import type { Camera } from '#core/scene3d/camera.ts';
import { renderScene, type RenderedScene } from '../../scene3d/render-scene.ts';
import { buildScene, sceneInks, type SceneChoices, type SceneSelection } from '#core/space/build-scene.ts';
import type { Coordinates, Cut, SpaceData } from '#core/space/space-data.ts';

/** Everything that a picture of units in space depends on: data, what is shown of them, and from where. */
export interface SubspaceViewSpec {
  space: SpaceData;
  choices: SceneChoices;
  cut: Cut | null;
  umap: Coordinates | null;
  selection: SceneSelection;
  camera: Camera;
  theme: Theme;
  /** Width in CSS pixels that marks, lines and words are sized for. */
  designWidth: number;
  hasLabels: boolean;
}

/**
 * The picture of a spec at a size in pixels, whatever is on the screen: the same spec, the same picture. The places of
 * the words come with it, so that a vector frame can set them itself (`hasLabels: false`).
 */
export function renderSubspaceView(spec: SubspaceViewSpec, widthPx: number, heightPx: number): RenderedScene {
  const { space, choices, cut, umap, selection, theme, camera, designWidth, hasLabels } = spec;
  const built = buildScene(space, choices, cut, umap, selection, theme);
  if (!built) throw new RangeError(`The units have no places in the frame "${choices.frame}".`);
  const inks = sceneInks(theme);
  return renderScene({ scene: built.scene, camera, inks, designWidth, hasLabels }, widthPx, heightPx);
}
