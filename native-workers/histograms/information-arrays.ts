import type { NamedArray } from '#core/domain/result.ts';
import { secondArrayName } from '#core/ipc/engine.ts';
import type { PairInformation } from './informations.ts';

/** As the arrays of a second pass: see `secondArrayName`. */
export function informationArrays(
  layer: number,
  pair: readonly [number, number],
  { information, corrected, shuffled, half, rest, entropyA, entropyB }: PairInformation,
): NamedArray[] {
  const array = (what: string, rows: number, data: Float64Array): NamedArray => ({
    ...{ name: secondArrayName(layer, `${what}-${pair.join('-')}`), dtype: 'float64' },
    ...{ rows, cols: rows === 0 ? 0 : data.length / rows, data },
  });
  const rows = entropyA.length;
  return [
    array('information', rows, information),
    array('corrected', rows, corrected),
    array('shuffled', rows, shuffled),
    ...(half && rest ? [array('half', rows, half), array('rest', rows, rest)] : []),
    array('entropy-a', 1, entropyA),
    array('entropy-b', 1, entropyB),
  ];
}
