import type { DataChoice } from '#core/ipc/areas/dataset.ts';
import type { FormProblem } from './problems.ts';

type Mask = NonNullable<DataChoice['mask']>;

/** Which positions of a sequence are padding, as the form has it. */
export class Padding {
  kind = $state<'none' | 'token' | 'array'>('none');
  tokenText = $state('0');
  array = $state('');

  /** As the recipe has it; undefined where every position counts, or a field is wrong. */
  get mask(): Mask | undefined {
    if (this.kind === 'array') return this.array === '' ? undefined : { array: this.array };
    return this.kind === 'token' && this.#token !== null ? { padding: this.#token } : undefined;
  }

  get problems(): FormProblem[] {
    if (this.kind === 'token' && this.#token === null)
      return [{ at: 'data.mask.padding', says: 'The id of the padding token must be a whole number.' }];
    if (this.kind === 'array' && this.array === '')
      return [{ at: 'data.mask.array', says: 'Choose the array that tells which positions count.' }];
    return [];
  }

  /** In words, for a closed field. */
  get summary(): string {
    if (this.kind === 'token') return `token ${this.tokenText}`;
    return this.kind === 'array' && this.array !== '' ? this.array : 'every position counts';
  }

  take(mask: Mask | undefined): void {
    this.kind = mask === undefined ? 'none' : mask.array === undefined ? 'token' : 'array';
    this.array = mask?.array ?? '';
    this.tokenText = String(mask?.padding ?? 0);
  }

  get #token(): number | null {
    const number = Number(this.tokenText);
    return this.tokenText.trim() !== '' && Number.isInteger(number) ? number : null;
  }
}
