import type { PictureSize, Preprocess } from '#core/domain/preprocess.ts';
import { emptyLike, type Picture } from './picture.ts';
import { resizedSize, resizePicture } from './resize-picture.ts';

/** Grey or colour, resize, centre crop: everything but numbers. */
export function preparePicture(picture: Picture, how: Preprocess, channels: 1 | 3 | null): Picture {
  let prepared = channels === null ? picture : withChannels(picture, channels);
  if (how.resize !== undefined) {
    const { width, height } = resizedSize(prepared, how.resize);
    prepared = resizePicture(prepared, width, height, how.interpolation ?? 'bilinear');
  }
  return how.crop === undefined ? prepared : centreCrop(prepared, how.crop);
}

/** (value x scale - mean) / std of every channel, channel first or last. */
export function writeNumbers(
  picture: Picture,
  how: Preprocess,
  out: Float32Array,
  order: 'first' | 'last',
): void {
  const { channels, data, width, height } = picture;
  const plane = width * height;
  const isTurned = how.channels === 'bgr' && channels === 3;
  for (let channel = 0; channel < channels; channel++) {
    // Mean and deviation are listed in the order the network reads.
    const at = <T>(list: T[] | undefined, none: T) => (list ? list[list.length === 1 ? 0 : channel] : none);
    const std = at(how.std, 1);
    const gain = how.scale / std;
    const offset = -at(how.mean, 0) / std;
    const from = isTurned ? channels - 1 - channel : channel;
    const [to, step] = order === 'first' ? [channel * plane, 1] : [channel, channels];
    for (let pixel = 0; pixel < plane; pixel++)
      out[to + pixel * step] = data[from + pixel * channels] * gain + offset;
  }
}

/** Grey is ITU-R 601 luma in Pillow's fixed point: (19595 R + 38470 G + 7471 B + 2^15) / 2^16. */
function withChannels(picture: Picture, channels: 1 | 3): Picture {
  if (picture.channels === channels) return picture;
  const { data, width, height } = picture;
  const out = emptyLike({ ...picture, channels }, width, height);
  const isBytes = data instanceof Uint8Array;
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (channels === 3) {
      out.data.fill(data[pixel * picture.channels], 3 * pixel, 3 * pixel + 3);
    } else {
      const from = pixel * picture.channels;
      const sum = 19595 * data[from] + 38470 * data[from + 1] + 7471 * data[from + 2];
      out.data[pixel] = isBytes ? (sum + 0x8000) >> 16 : sum / 65536;
    }
  }
  return out;
}

/** As torchvision's CenterCrop: halves are rounded to even, what lies outside is 0. */
function centreCrop(picture: Picture, size: PictureSize): Picture {
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  if (width === picture.width && height === picture.height) return picture;
  const { channels } = picture;
  const start = (have: number, want: number) =>
    have >= want ? roundHalfEven((have - want) / 2) : -Math.floor((want - have) / 2);
  const [top, left] = [start(picture.height, height), start(picture.width, width)];
  const out = emptyLike(picture, width, height);
  const from = Math.max(0, left);
  const until = Math.min(picture.width, left + width);
  for (let row = Math.max(0, -top); row < height && row + top < picture.height; row++) {
    const line = (row + top) * picture.width;
    out.data.set(
      picture.data.subarray((line + from) * channels, (line + until) * channels),
      (row * width + from - left) * channels,
    );
  }
  return out;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
