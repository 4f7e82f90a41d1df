import { z } from 'zod';
import { method } from '../define.ts';
import type { ShownInputs } from '../../domain/shown-inputs.ts';
import type { ValueHistogram } from '../../numeric/histograms/shared-histograms.ts';
import type { TensorGeometry, UnitFilter } from '../engine.ts';

/** Units, and pictures, that are given at once: the best and worst eight pairs have 16 units and 144 inputs a side. */
const mostUnits = 64;
const mostImages = 320;

const runId = z.string().min(1).max(100);
const name = z.string().min(1).max(200);
const index = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const images = z.array(index).min(1).max(mostImages);
const tensorOf = { runId, network: name, layer: name };
const unitRef = z.strictObject({ network: name, unit: index });

/** The inputs that excite one unit most, best first; fewer than k where there are fewer images. */
export interface UnitTopInputs {
  unit: number;
  /** Sample indices, and the unit's largest value on each. */
  images: Int32Array;
  values: Float32Array;
  /** Where in the map that value is, row by row; -1: not at one position (a mean, or a maximum over positions). */
  places: Int32Array;
}

export interface TopInputsAnswer {
  units: UnitTopInputs[];
  /** As stored with the project; null in projects of earlier versions. */
  geometry: TensorGeometry | null;
  /** Pictures kept in the project of these inputs, as far as they are kept; null where none are. */
  inputs: ShownInputs | null;
}

export interface UnitMaps {
  height: number;
  width: number;
  /** Of every look, one after the other: [images x height x width]. */
  maps: Float32Array[];
}

export interface UnitDetails {
  geometry: TensorGeometry;
  /** Null where the unit is not of the network's first layer. */
  filter: UnitFilter | null;
}

export interface Distribution {
  /** Values are of so many images, and of so many in the data. */
  images: number;
  ofImages: number;
  /** `kept`: a sample of the training fold kept in the project; `run`: a seeded choice of images, run now. */
  source: 'kept' | 'run';
  low: number;
  high: number;
  /** In the order asked for. */
  histograms: ValueHistogram[];
  /** Of two units: their values on the same samples, at most 2000. */
  points: { x: Float32Array; y: Float32Array } | null;
}

/** Partners of one unit in one other network; -1: none. */
export interface UnitPartners {
  network: string;
  match: number;
  matchValue: number;
  semi: number;
  semiValue: number;
}

/** Single units: what excites them, what they answer, who is like them. */
export const unitArea = {
  /** From the project alone. */
  topInputs: method<TopInputsAnswer>()(
    z.strictObject({ ...tensorOf, units: z.array(index).min(1).max(mostUnits) }),
  ),
  /** From the data file, at full resolution up to 256 pixels a side. */
  inputs: method<ShownInputs>()(z.strictObject({ runId, images })),
  /** From data file and model: the network runs on these inputs. */
  maps: method<UnitMaps>()(
    z
      .strictObject({
        ...tensorOf,
        looks: z
          .array(z.strictObject({ unit: index, images }))
          .min(1)
          .max(mostUnits),
      })
      .refine(({ looks }) => looks.reduce((sum, look) => sum + look.images.length, 0) <= 2 * mostImages, {
        message: 'asks for too many maps at once',
      }),
  ),
  /** From the model. */
  details: method<UnitDetails>()(z.strictObject({ ...tensorOf, unit: index })),
  /** From the project where it keeps samples, else from data file and models. */
  distribution: method<Distribution>()(
    z.strictObject({ runId, layer: name, units: z.array(unitRef).min(1).max(2) }),
  ),
  /** From the stored matchings of every pair that the network is part of. */
  partners: method<{ partners: UnitPartners[] }>()(z.strictObject({ ...tensorOf, unit: index })),
};
