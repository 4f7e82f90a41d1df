import { z } from 'zod';
import { channelOrders, interpolations, presetNames } from './preprocess.ts';

// Apart from what the engine reads of preprocessing: its threads start without loading zod.

const side = z.int().positive().max(8192);
const pictureSize = z.union([side, z.tuple([side, side])]);
const perChannel = z.union([z.number(), z.array(z.number()).min(1).max(64)]);

/** The keys as they are written in `data` and in a network's `preprocess`. */
export const preprocessKeys = {
  preset: z.enum(presetNames).optional(),
  resize: pictureSize.optional(),
  interpolation: z.enum(interpolations).optional(),
  crop: pictureSize.optional(),
  channels: z.enum(channelOrders).optional(),
  orientation: z.enum(['stored', 'exif']).optional(),
  alpha: z.enum(['drop', 'black', 'white']).optional(),
  scale: z.number().positive().optional(),
  mean: perChannel.optional(),
  std: z.union([z.number().positive(), z.array(z.number().positive()).min(1).max(64)]).optional(),
};
export const preprocessSchema = z.strictObject(preprocessKeys);
