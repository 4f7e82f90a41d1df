import type { PairTable } from '#core/ipc/areas/result.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { Choice, UnitPair } from './choice.svelte.ts';

const mostTables = 24;

/** Finds the partner of a unit in the stored matching; tables that were read are kept. */
export class Partners {
  readonly #client: Client;
  readonly #tables = new Map<string, Promise<PairTable | null>>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** The unit as a pair of the chosen networks: with its match, else its semi-match, else -1. */
  async pairOf(choice: Choice, network: string, unit: number): Promise<UnitPair> {
    const table = choice.matching ? await this.#table(choice.matching.id) : null;
    if (network === choice.a) {
      const match = table?.matchB[unit] ?? -1;
      return { unitA: unit, unitB: match >= 0 ? match : (table?.semiB[unit] ?? -1) };
    }
    const row = table?.matchB.indexOf(unit) ?? -1;
    return { unitA: row < 0 ? -1 : (table?.unitA[row] ?? -1), unitB: unit };
  }

  #table(resultId: string): Promise<PairTable | null> {
    let table = this.#tables.get(resultId);
    if (!table) {
      table = this.#client.result.pairs({ resultId }).then((answer) => (answer.ok ? answer.value : null));
      this.#tables.set(resultId, table);
      const oldest = this.#tables.keys().next().value;
      if (this.#tables.size > mostTables && oldest !== undefined) this.#tables.delete(oldest);
    }
    return table;
  }
}
