/** Colours of things that are not values: networks, semi-match and match, page and ink. */

export type Theme = 'light' | 'dark';

export type PointShape = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'plus' | 'star' | 'ring';

/**
 * Networks in fixed order, a colour and a shape each (Okabe and Ito, "Color Universal Design", 2008).
 * The last colour is the ink of the theme.
 */
const okabeIto = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#f0e442'];
const shapes: PointShape[] = ['circle', 'square', 'triangle', 'diamond', 'cross', 'plus', 'star', 'ring'];

/** Look of the network at `index`; after eight the colours and shapes repeat. */
export function networkLook(index: number, theme: Theme): { colour: string; shape: PointShape } {
  const at = index % shapes.length;
  return { colour: okabeIto[at] ?? inks[theme].text, shape: shapes[at] };
}

/** Light and dark of one hue, as in the paper; on a dark page the match is the more vivid of the two. */
export const pairColours: Record<Theme, { semi: string; match: string }> = {
  light: { semi: '#93d0b8', match: '#00664b' },
  dark: { semi: '#3f7d69', match: '#7fe0bb' },
};

export interface Inks {
  ground: string;
  text: string;
  quiet: string;
  line: string;
  /** A neutral band, the text colour at 20 % on the ground. */
  band: string;
}

export const inks: Record<Theme, Inks> = {
  light: { ground: '#ffffff', text: '#1a1a1a', quiet: '#5b6572', line: '#1a1a1a', band: '#d1d1d1' },
  dark: { ground: '#0f1216', text: '#e8ebef', quiet: '#9aa5b1', line: '#9aa5b1', band: '#3a3d41' },
};
