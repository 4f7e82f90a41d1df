/** A decoded picture, row by row, channels interleaved. Numbers are 0..255 in image files, whatever their depth. */
export interface Picture {
  width: number;
  height: number;
  channels: number;
  data: Uint8Array | Float32Array;
}

/** A picture of the same kind of numbers. */
export function emptyLike(of: Picture, width: number, height: number): Picture {
  const { channels, data } = of;
  const count = width * height * channels;
  return {
    width,
    height,
    channels,
    data: data instanceof Uint8Array ? new Uint8Array(count) : new Float32Array(count),
  };
}
