import type { ShownInputs } from './shown-inputs.ts';

/** One array inside a data file. */
export interface ArrayEntry {
  /** Name inside an .npz; empty for a .npy. */
  key: string;
  dtype: string;
  shape: number[];
  /** Of encoded images, one a row: their dtype is `image`, and they are read as those of a folder are. */
  images?: ImageSetEntry;
}

/** Whether an array is a group of an HDF5 file that has one dataset a sample (`GROUP/*`): inputs, not saved activations. */
export function isJoinedGroup(key: string): boolean {
  return key === '*' || key.endsWith('/*');
}

/** What a file holds besides arrays of numbers, and why it is none. */
export interface OtherArray {
  key: string;
  why: string;
}

export interface DataInspection {
  file: string;
  bytes: number;
  arrays: ArrayEntry[];
  /** Absent of a folder or archive of images. */
  others?: OtherArray[];
  /** Of a folder or archive of images. */
  images?: ImageSetEntry;
}

export interface ImageSetEntry {
  count: number;
  /** Folders the images lie in: classes, by custom. */
  folders: number;
  /** Of the first image that can be read. */
  width: number;
  height: number;
  /** Files beside the images that are none, and the names of a few. */
  ignored: number;
  ignoredNames: string[];
}

/** How the axes of an array are to be read. N = sample, C = channel, H, W = position, T = time. `as-is`: N, then any. */
export const dataLayouts = ['NCHW', 'NHWC', 'NHW', 'NC', 'NCT', 'NTC', 'NT', 'N', 'as-is'] as const;
export type DataLayout = (typeof dataLayouts)[number];

/** Small pictures of the first samples, as the networks will see them, min..max stretched to 0..255 grey/RGB. */
export interface DataPreview {
  width: number;
  height: number;
  /** RGBA bytes, one picture each. */
  pictures: Uint8ClampedArray[];
  count: number;
  /** In place of pictures, where the inputs are tokens whose words are known. */
  text?: ShownInputs;
}
