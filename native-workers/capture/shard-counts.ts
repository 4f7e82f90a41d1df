import { secondArrayName } from '#core/ipc/engine.ts';
import type { NamedArray } from '#core/domain/result.ts';
import type { BandedArray } from '../files/array-file.ts';
import { factsOf } from '../histograms/coded-runs.ts';
import type { JointCounter } from '../histograms/joint-counter.ts';

/** What a shard's second pass leaves of the joint counts of a layer, or of the codes that are kept instead. */
export async function shardCounts(
  layer: number,
  counter: JointCounter,
  { units, pairs }: { units: readonly number[]; pairs: readonly [number, number][] },
): Promise<(NamedArray | BandedArray)[]> {
  const { kept } = counter;
  if (kept) {
    const { runs } = kept.runs;
    const name = (what: string) => secondArrayName(layer, what);
    const facts = factsOf(runs);
    const cols = 2 + pairs.length;
    const codes = { name: name('codes'), dtype: 'uint8' as const, rows: 1, cols: kept.bytes };
    return [
      { name: name('code-units'), dtype: 'int32', rows: 1, cols: units.length, data: Int32Array.from(units) },
      { name: name('code-runs'), dtype: 'int32', rows: runs.length, cols, data: facts },
      { ...codes, data: new Uint8Array(0), bands: () => kept.pieces },
    ];
  }
  const counts = await counter.finish();
  return pairs.flatMap(([a, b], index) => {
    const { between, shuffled, half } = counts[index];
    const array = (what: string, { buffer, byteOffset, length }: Uint32Array): NamedArray => ({
      ...{ name: secondArrayName(layer, `${what}-${a}-${b}`), dtype: 'int32' },
      ...{ rows: units[a], cols: units[a] === 0 ? 0 : length / units[a] },
      data: new Int32Array(buffer, byteOffset, length),
    });
    return [array('between', between), array('shuffled', shuffled), ...(half ? [array('half', half)] : [])];
  });
}
