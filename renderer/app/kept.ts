import type { Result } from '#core/result.ts';

/** Answers kept at most: a few pairs and layers of the views that read most. */
const mostKept = 8;

/**
 * What views read of stored results, kept between visits. A stored result never changes, so an answer holds as long as
 * its project is open; a failure is not kept.
 */
export class Kept {
  readonly #answers = new Map<string, Promise<Result<unknown>>>();

  /** The answer under the key, asked for where it is not kept. The key names all that the answer depends on. */
  of<T>(key: string, ask: () => Promise<Result<T>>): Promise<Result<T>> {
    const known = this.#answers.get(key) as Promise<Result<T>> | undefined;
    const answer = known ?? ask();
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    if (!known) {
      void answer.then(
        ({ ok }) => !ok && this.#forget(key, answer),
        () => this.#forget(key, answer),
      );
      const oldest = this.#answers.keys().next().value;
      if (this.#answers.size > mostKept && oldest !== undefined) this.#answers.delete(oldest);
    }
    return answer;
  }

  clear(): void {
    this.#answers.clear();
  }

  #forget(key: string, answer: Promise<unknown>): void {
    if (this.#answers.get(key) === answer) this.#answers.delete(key);
  }
}

/** A key of several results, some of which there may not be. */
export function keyOf(what: string, results: Readonly<Record<string, { id: string } | undefined>>): string {
  return `${what} ${Object.entries(results)
    .map(([name, entry]) => `${name}=${entry?.id ?? ''}`)
    .join(' ')}`;
}
