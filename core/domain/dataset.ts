/** One array inside a data file. */
export interface ArrayEntry {
  /** Name inside an .npz; empty for a .npy. */
  key: string;
  dtype: string;
  shape: number[];
}

export interface DataInspection {
  file: string;
  bytes: number;
  arrays: ArrayEntry[];
}

/** How the axes of an image array are to be read. N = sample, C = channel, H, W = position. */
export const dataLayouts = ['NCHW', 'NHWC', 'NHW', 'NC'] as const;
export type DataLayout = (typeof dataLayouts)[number];

/** Small pictures of the first samples, as the networks will see them, min..max stretched to 0..255 grey/RGB. */
export interface DataPreview {
  width: number;
  height: number;
  /** RGBA bytes, one picture each. */
  pictures: Uint8ClampedArray[];
  count: number;
}
