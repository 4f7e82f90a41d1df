/**
 * How a network input is shown: as a picture; as traces (one a channel) where it has one spatial axis; as a row of
 * values where it has none; as text where its numbers are ids of known tokens.
 */
export type InputKind = 'picture' | 'trace' | 'row' | 'text';

/** Size of a network's input; a vector has height and width 1. */
export interface InputSize {
  channels: number;
  height: number;
  width: number;
}

/**
 * Some inputs, to be looked at: stored numbers times `scale`, before mean and deviation are taken off. Large ones are
 * shrunk to means of patches.
 */
export interface ShownInputs {
  kind: InputKind;
  /** Of the network's input. */
  size: InputSize;
  /** Sample indices, in the order of `values`. */
  images: Int32Array;
  /** Size of each in `values`: height and width of a picture, channels and length of traces, 1 and length of a row or text. */
  rows: number;
  cols: number;
  /** Values a pixel: 1 grey, 3 colour; 1 for traces and rows. */
  depth: 1 | 3;
  /** [images x rows x cols x depth]: bytes of pictures (0 = `low`, 255 = `high`), numbers of traces, rows and tokens. */
  values: Uint8Array | Float32Array;
  low: number;
  high: number;
  /** Of text, the word of every id in `values` that the vocabulary has; a leading space begins a word. */
  words?: Record<number, string>;
}
