import type { AnalysisDraft, RunInputs } from '#core/ipc/areas/analysis.ts';
import type { ProviderName } from '#core/domain/provider.ts';
import type { NetworksPart } from './networks-part.svelte.ts';
import type { FormProblem } from './problems.ts';
import { wholeNumber } from './read-numbers.ts';

export const pairChoices = ['all', 'first', 'chosen'] as const;
export type PairChoice = (typeof pairChoices)[number];

/** Which pairs are compared, what is held out, and what the machine is given. */
export class RunPart {
  /** Every pair once, the first network with each other one, or those in the list. */
  pairChoice = $state<PairChoice>('all');
  testShare = $state(0);
  foldSeed = $state(0);
  provider = $state<ProviderName>('auto');
  threads = $state<number | null>(null);
  batchText = $state('');
  /** GiB for sums, of a recipe that says so: kept, without a field. */
  #memory: number | undefined;
  /** Of `chosen`: two file tokens each. */
  #chosen = $state.raw<readonly string[]>([]);
  readonly #networks: NetworksPart;

  constructor(networks: NetworksPart) {
    this.#networks = networks;
  }

  /** Every two networks, in the list's order. */
  get possiblePairs(): { key: string; names: [string, string] }[] {
    const { rows } = this.#networks;
    return rows.flatMap((a, at) =>
      rows.slice(at + 1).map((b) => ({
        key: `${a.file.token} ${b.file.token}`,
        names: [a.name.trim(), b.name.trim()] as [string, string],
      })),
    );
  }
  isPaired(key: string): boolean {
    return this.#chosen.some((other) => isSamePair(key, other));
  }
  pair(key: string, isPaired: boolean): void {
    const others = this.#chosen.filter((other) => !isSamePair(key, other));
    this.#chosen = isPaired ? [...others, key] : others;
  }

  /** Undefined: every pair once. */
  get pairs(): [string, string][] | undefined {
    const all = this.possiblePairs;
    if (this.pairChoice === 'all' || all.length < 2) return undefined;
    if (this.pairChoice === 'first')
      return all.slice(0, this.#networks.rows.length - 1).map((pair) => pair.names);
    const nameOf = new Map(this.#networks.rows.map((row) => [row.file.token, row.name.trim()]));
    return this.#chosen.flatMap((key) => {
      const [a, b] = key.split(' ').map((token) => nameOf.get(token));
      return a !== undefined && b !== undefined ? [[a, b] as [string, string]] : [];
    });
  }

  adopt({ pairs, folds, provider, threads, batch, memory }: NonNullable<RunInputs['more']>): void {
    this.testShare = folds?.test ?? 0;
    this.foldSeed = folds?.seed ?? 0;
    this.provider = provider;
    this.threads = threads;
    this.batchText = batch === null ? '' : String(batch);
    this.#memory = memory;
    this.pairChoice = pairs ? 'chosen' : 'all';
    const tokenOf = new Map(this.#networks.rows.map((row) => [row.name, row.file.token]));
    this.#chosen = (pairs ?? []).map(([a, b]) => `${tokenOf.get(a)} ${tokenOf.get(b)}`);
  }

  draft(): Pick<AnalysisDraft, 'pairs' | 'folds' | 'provider' | 'threads' | 'batch' | 'memory'> {
    const { pairs } = this;
    return {
      ...(pairs && { pairs }),
      folds: this.testShare > 0 ? { test: this.testShare, seed: this.foldSeed } : 'none',
      provider: this.provider,
      threads: this.threads,
      batch: wholeNumber(this.batchText) ?? null,
      ...(this.#memory && { memory: this.#memory }),
    };
  }

  problems(): FormProblem[] {
    return [
      ...(this.pairs?.length === 0
        ? [{ at: 'pairs', says: 'Tick at least one pair of networks to compare.' }]
        : []),
      ...(wholeNumber(this.batchText) === null
        ? [{ at: 'batch', says: 'The number of inputs at a time must be a whole number above 0.' }]
        : []),
    ];
  }
}

/** Whichever network comes first. */
function isSamePair(key: string, other: string): boolean {
  return key === other || key === other.split(' ').reverse().join(' ');
}
