/**
 * What is done to a picture before a network reads it, in torchvision's order: decode, orientation, alpha, grey, resize,
 * centre crop, (value x scale - mean) / std, channel order.
 */
export const interpolations = ['bilinear', 'bicubic'] as const;
export type Interpolation = (typeof interpolations)[number];
export const channelOrders = ['rgb', 'bgr', 'grey'] as const;
export type ChannelOrder = (typeof channelOrders)[number];
export const presetNames = ['imagenet', 'clip', 'signed', 'raw'] as const;
export type PresetName = (typeof presetNames)[number];

/** One number: the shorter side; two: height and width. */
export type PictureSize = number | [number, number];

export interface Preprocess {
  resize?: PictureSize;
  /** Of `resize`; bilinear by default. Both average over what they shrink (antialias), as Pillow does. */
  interpolation?: Interpolation;
  /** The middle of the picture. */
  crop?: PictureSize;
  /** By default grey where the network's input has one channel, else rgb. */
  channels?: ChannelOrder;
  /** `exif`: turned as the camera noted; by default as stored. */
  orientation?: 'stored' | 'exif';
  /** What lies under transparent pixels; `drop` (the default) takes their colour as it is. */
  alpha?: 'drop' | 'black' | 'white';
  scale: number;
  mean?: number[];
  std?: number[];
}

/** The keys as they are written in `data` and in a network's `preprocess`: see `preprocessKeys`. */
export interface PreprocessFile extends Partial<Omit<Preprocess, 'mean' | 'std'>> {
  preset?: PresetName;
  mean?: number | number[];
  std?: number | number[];
}

/** torchvision's ImageNet weights, OpenAI's CLIP, -1 to 1 (TensorFlow's Inception and MobileNet), and bytes as they are. */
export const presets: Record<PresetName, Preprocess> = {
  imagenet: {
    resize: 256,
    interpolation: 'bilinear',
    crop: 224,
    scale: 1 / 255,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
  clip: {
    resize: 224,
    interpolation: 'bicubic',
    crop: 224,
    scale: 1 / 255,
    mean: [0.48145466, 0.4578275, 0.40821073],
    std: [0.26862954, 0.26130258, 0.27577711],
  },
  signed: { scale: 1 / 127.5, mean: [1], std: [1] },
  raw: { scale: 1 },
};

/** A preset's values, replaced by the keys given beside it, on top of `base` (the data's, for a network). */
export function resolvePreprocess(keys: PreprocessFile, base?: Preprocess): Preprocess {
  const { preset, mean, std, ...rest } = keys;
  const list = (value: number | number[]) => (Array.isArray(value) ? value : [value]);
  const given = {
    ...rest,
    ...(mean !== undefined && { mean: list(mean) }),
    ...(std !== undefined && { std: list(std) }),
  };
  // A preset without mean and deviation takes them away.
  const from = preset ? { ...base, mean: undefined, std: undefined, ...presets[preset] } : base;
  const merged = { scale: 1, ...from, ...given };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== undefined),
  ) as unknown as Preprocess;
}

const preprocessNames: (keyof Preprocess)[] = [
  ...(['resize', 'interpolation', 'crop', 'channels', 'orientation', 'alpha'] as const),
  ...(['scale', 'mean', 'std'] as const),
];

/** Its preprocessing alone, out of a data section. */
export function preprocessOf(data: Preprocess): Preprocess {
  return Object.fromEntries(
    preprocessNames.flatMap((key) => (data[key] === undefined ? [] : [[key, data[key]]])),
  ) as unknown as Preprocess;
}
