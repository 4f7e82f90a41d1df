import type { Client } from '#core/ipc/contract.ts';
import { headlineNumber, type ArrayInfo, type NamedArray, type ResultEntry } from '#core/domain/result.ts';
import type { Result } from '#core/result.ts';

/** A result with the small arrays a view asked for; those it does not hold are simply absent. */
export class ResultData {
  readonly entry: ResultEntry;
  readonly infos: readonly ArrayInfo[];
  readonly #arrays: ReadonlyMap<string, NamedArray>;

  constructor(entry: ResultEntry, infos: readonly ArrayInfo[], arrays: readonly NamedArray[]) {
    this.entry = entry;
    this.infos = infos;
    this.#arrays = new Map(arrays.map((array) => [array.name, array]));
  }

  number(key: string): number | undefined {
    return headlineNumber(this.entry.headline, key);
  }

  /** A list of records of the headline; empty where there is none. */
  records(key: string): Record<string, number>[] {
    const value = this.entry.headline[key];
    return Array.isArray(value)
      ? value.filter((item): item is Record<string, number> => typeof item === 'object')
      : [];
  }

  /** A list of numbers of the headline; empty where there is none. */
  numbers(key: string): number[] {
    const value = this.entry.headline[key];
    return Array.isArray(value) ? value.filter((item): item is number => typeof item === 'number') : [];
  }

  array(name: string): NamedArray | undefined {
    return this.#arrays.get(name);
  }

  /** The values of an array as plain numbers; empty where there is none. */
  list(name: string): number[] {
    return Array.from(this.#arrays.get(name)?.data ?? []);
  }

  has(name: string): boolean {
    return this.infos.some((info) => info.name === name);
  }
}

/** Reads the arrays that the view wants and the result holds; matrices that are drawn come by tiles instead. */
export async function readResult(
  client: Client,
  entry: ResultEntry,
  isWanted: (name: string) => boolean,
): Promise<Result<ResultData>> {
  const stored = await client.result.get({ resultId: entry.id });
  if (!stored.ok) return stored;
  const names = stored.value.arrays.map(({ name }) => name).filter(isWanted);
  const answers = await Promise.all(names.map((array) => client.result.array({ resultId: entry.id, array })));
  const arrays: NamedArray[] = [];
  for (const answer of answers) {
    if (!answer.ok) return answer;
    arrays.push(answer.value);
  }
  return { ok: true, value: new ResultData(entry, stored.value.arrays, arrays) };
}
