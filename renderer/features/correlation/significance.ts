import type { ProjectRun } from '#core/domain/project.ts';
import { headlineNumber, type ResultEntry } from '#core/domain/result.ts';
import type { Client } from '#core/ipc/contract.ts';
import { falseDiscovery, type FalseDiscovery } from '#core/numeric/certainty/false-discovery.ts';
import { studentUpperTail } from '#core/numeric/certainty/tail-probability.ts';
import { MatrixSource, type TileCache } from '../../plots/heatmap/matrix-source.ts';
import { tileOfCell } from '../../plots/heatmap/tiles.ts';

/** How unlikely a correlation is by chance, and where that number comes from. */
export interface Significance {
  p: number;
  /** Its false-discovery rate; null where it is not known. */
  q: number | null;
  source: string;
}

/** A number of independent samples, and why it is this one. */
export interface EffectiveSamples {
  samples: number;
  why: string;
}

/** The largest family of tests whose q-values are worked out in the window. */
const largestFamily = 512 * 512;

/**
 * P(T >= t), t = r sqrt((n − 2) / (1 − r²)), Student with n − 2 degrees of freedom: one-sided, as the stored p-values
 * are. NaN where n has no meaning.
 */
export function correlationPValue(r: number, samples: number): number {
  if (!(samples > 2) || !Number.isFinite(r)) return NaN;
  const rest = 1 - r * r;
  if (rest <= 0) return r > 0 ? 0 : 1;
  return studentUpperTail(r * Math.sqrt((samples - 2) / rest), samples - 2);
}

/** The number that the chosen pair's or another pair's null gave; else that of the images, where each is one sample. */
export function effectiveSamples(
  run: ProjectRun,
  layer: string,
  correlation: ResultEntry,
): EffectiveSamples | null {
  const known = run.results.flatMap((result) => {
    const samples = headlineNumber(result.headline, 'effectiveSamples');
    return result.analysis === 'certainty' && result.a.layer === layer && samples !== undefined
      ? [{ result, samples }]
      : [];
  });
  const isOwn = ({ a, b }: ResultEntry) =>
    a.network === correlation.a.network && b.network === correlation.b.network;
  const own = known.find(({ result }) => isOwn(result));
  const least = known.reduce<(typeof known)[number] | undefined>(
    (best, one) => (best && best.samples <= one.samples ? best : one),
    undefined,
  );
  const found = own ?? least;
  if (found) {
    const { a, b } = found.result;
    const whose = own ? '' : ` of ${a.network} with ${b.network}`;
    return { samples: found.samples, why: `effective samples from the null${whose}` };
  }
  const facts = run.layers.find(({ name }) => name === layer);
  const images = run.data.images;
  if (!facts || facts.samples + facts.testSamples > images) return null;
  return { samples: facts.samples, why: 'one sample an image' };
}

/** Reads the stored p-values of a pair tile by tile, and what tells their false-discovery rate. */
export class StoredPValues {
  readonly #source: MatrixSource;
  readonly #matchB: ArrayLike<number>;
  readonly #matchQ: ArrayLike<number>;
  readonly #family: FalseDiscovery | null;

  private constructor(
    source: MatrixSource,
    match: { partner: ArrayLike<number>; q: ArrayLike<number> },
    family: FalseDiscovery | null,
  ) {
    this.#source = source;
    this.#matchB = match.partner;
    this.#matchQ = match.q;
    this.#family = family;
  }

  /** Null where the certainty holds none (it had no shuffles). */
  static async read(
    client: Client,
    certainty: ResultEntry,
    dead: { a: Uint8Array; b: Uint8Array } | null,
    cache: TileCache,
  ): Promise<StoredPValues | null> {
    const matrix = { resultId: certainty.id, array: 'p-value' };
    const list = (array: string) => client.result.array({ resultId: certainty.id, array });
    const [info, partner, q] = await Promise.all([
      client.result.matrix(matrix),
      list('match'),
      list('q-value'),
    ]);
    if (!info.ok || !info.value || !partner.ok || !q.ok || !partner.value || !q.value) return null;
    const { rows, cols } = info.value;
    const whole = rows * cols <= largestFamily ? await client.result.array(matrix) : null;
    const family =
      whole?.ok && whole.value && dead ? falseDiscovery(testedOf(whole.value.data, cols, dead)) : null;
    const source = new MatrixSource(client, certainty.id, { ...info.value, name: 'p-value' }, cache);
    return new StoredPValues(source, { partner: partner.value.data, q: q.value.data }, family);
  }

  async of(unitA: number, unitB: number): Promise<Significance | null> {
    const { address, row, col } = tileOfCell(this.#source.info, unitA, unitB);
    if (!this.#source.get(address)) await this.#source.request(address);
    const tile = this.#source.get(address);
    if (!tile) return null;
    const p = tile.values[row * tile.cols + col];
    const isMatch = this.#matchB[unitA] === unitB;
    const q = isMatch ? this.#matchQ[unitA] : (this.#family?.q(p) ?? null);
    return { p, q, source: 'from shuffled images (Certainty)' };
  }
}

/** p-values of pairs of live units: the family that was tested. */
function testedOf(p: ArrayLike<number>, cols: number, dead: { a: Uint8Array; b: Uint8Array }): Float64Array {
  return Float64Array.from(p).filter(
    (_value, at) => dead.a[Math.floor(at / cols)] === 0 && dead.b[at % cols] === 0,
  );
}
