import { AppError } from '#core/errors.ts';
import type { MatchedUnit, MatchedUnitsData, Picture } from '#core/figure/panels/panel-data.ts';
import { paletteOf } from '#core/figure/colour/maps.ts';
import type { PairPlace, RunSource } from './run-source.ts';

/** What a capture that keeps pictures says of them; older projects have none. */
interface StoredPictures {
  rows: number;
  cols: number;
  depth: 1 | 3;
  kind: string;
}

/** The best and worst one-to-one matches with the stored pictures of their top inputs. */
export async function matchedUnitsData(
  source: RunSource,
  options: { count: number; inputs: number },
  place: PairPlace,
): Promise<MatchedUnitsData> {
  const matching = source.result('matching', place);
  const partners = await source.vector(matching, 'match');
  const values = await source.vector(matching, 'match-value');
  const pairs = Array.from(partners, (unitB, unitA) => ({ unitA, unitB, value: values[unitA] })).filter(
    ({ unitB }) => unitB >= 0,
  );
  pairs.sort((x, y) => y.value - x.value || x.unitA - y.unitA);
  // A pair is either among the best or among the worst.
  const count = Math.min(options.count, Math.ceil(pairs.length / 2));
  const inputsOf = await storedTopInputs(source, place, options.inputs);
  if (!inputsOf) {
    throw new AppError(
      'not-found',
      `The top inputs of ${place.layer} are not stored as pictures in this project: its inputs are no pictures, or the run is of an older version. Run the recipe again.`,
    );
  }
  const withInputs = (pair: (typeof pairs)[number]): MatchedUnit => ({
    ...pair,
    inputsA: inputsOf(place.a, pair.unitA),
    inputsB: inputsOf(place.b, pair.unitB),
  });
  return {
    ...(await source.pair(matching, place)),
    best: pairs.slice(0, count).map(withInputs),
    worst: pairs.slice(count).slice(-count).reverse().map(withInputs),
  };
}

/** Reads the stored pictures of the inputs that excite units most; undefined where there are none. */
export async function storedTopInputs(
  source: RunSource,
  { layer }: PairPlace,
  count: number,
): Promise<((network: string, unit: number) => Picture[]) | undefined> {
  const { summary } = await source.capture();
  const captured = summary.layers.find(({ name }) => name === layer);
  const stored = (captured as { topInputs?: StoredPictures } | undefined)?.topInputs;
  if (stored?.kind !== 'picture') return undefined;
  const images = await source.jointArray(layer, 'all', 'top-image');
  const pictures = (await source.jointArray(layer, 'all', 'top-input')).array.data;
  const samples = (await source.jointArray(layer, 'all', 'top-input-image')).array.data;
  const placeOf = new Map(Array.from(samples, (sample, at) => [sample, at]));
  const k = images.array.cols;
  const size = stored.rows * stored.cols * stored.depth;
  const grey = paletteOf('paper-grey');
  return (network, unit) => {
    const row = images.rangeOf(network)[0] + unit;
    const top = Array.from(images.array.data.subarray(row * k, row * k + Math.min(k, count)));
    return top.flatMap((sample): Picture[] => {
      const at = placeOf.get(sample);
      if (sample < 0 || at === undefined) return [];
      const bytes = Uint8Array.from(pictures.subarray(at * size, (at + 1) * size));
      const { rows, cols, depth } = stored;
      if (depth === 3) return [{ rows, cols, rgb: bytes }];
      // The last palette index stands for missing values; the whitest grey is the one before it.
      return [{ rows, cols, cells: bytes.map((value) => Math.min(254, value)), palette: grey }];
    });
  };
}
