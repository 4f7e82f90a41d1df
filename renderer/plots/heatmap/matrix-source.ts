import type { PlainError } from '#core/errors.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { MatrixInfo, Tile } from '#core/ipc/areas/result.ts';
import type { TileAddress } from './tiles.ts';

/** How many bytes of tiles a window keeps at most. */
export const tileBudgetBytes = 128 * 1024 * 1024;

/** Least recently used tiles are forgotten once the budget is spent. */
export class TileCache {
  readonly #tiles = new Map<string, Tile>();
  readonly #budgetBytes: number;
  readonly #onForget: (tile: Tile) => void;
  #bytes = 0;

  constructor(budgetBytes: number, onForget: (tile: Tile) => void = () => undefined) {
    this.#budgetBytes = budgetBytes;
    this.#onForget = onForget;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Tile | undefined {
    const tile = this.#tiles.get(key);
    if (tile) {
      this.#tiles.delete(key);
      this.#tiles.set(key, tile);
    }
    return tile;
  }

  set(key: string, tile: Tile): void {
    this.#drop(key);
    this.#tiles.set(key, tile);
    this.#bytes += tile.values.byteLength;
    for (const oldest of this.#tiles.keys()) {
      if (this.#bytes <= this.#budgetBytes || oldest === key) break;
      this.#drop(oldest);
    }
  }

  clear(): void {
    for (const key of [...this.#tiles.keys()]) this.#drop(key);
  }

  #drop(key: string): void {
    const tile = this.#tiles.get(key);
    if (!tile) return;
    this.#tiles.delete(key);
    this.#bytes -= tile.values.byteLength;
    this.#onForget(tile);
  }
}

/** A matrix that is drawn tile by tile. */
export interface TileSource {
  readonly info: MatrixInfo;
  readonly error: PlainError | undefined;
  get(address: TileAddress): Tile | undefined;
  request(address: TileAddress): Promise<void>;
}

/** A stored matrix, read tile by tile. A tile is asked for once, however often it is wanted. */
export class MatrixSource implements TileSource {
  readonly info: MatrixInfo;
  readonly #client: Client;
  readonly #resultId: string;
  readonly #cache: TileCache;
  readonly #asked = new Map<string, Promise<void>>();
  readonly #failed = new Map<string, PlainError>();

  constructor(client: Client, resultId: string, info: MatrixInfo, cache: TileCache) {
    this.info = info;
    this.#client = client;
    this.#resultId = resultId;
    this.#cache = cache;
  }

  get(address: TileAddress): Tile | undefined {
    return this.#cache.get(this.#key(address));
  }

  /** The first failure, if any tile could not be read. */
  get error(): PlainError | undefined {
    return this.#failed.values().next().value;
  }

  /** Resolves when the tile is there or has failed. */
  request(address: TileAddress): Promise<void> {
    const key = this.#key(address);
    const running = this.#asked.get(key);
    if (running) return running;
    if (this.#failed.has(key)) return Promise.resolve();
    const asking = this.#read(key, address).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asking);
    return asking;
  }

  /** Lets failed tiles be asked for again. */
  forgiveFailures(): void {
    this.#failed.clear();
  }

  async #read(key: string, { level, row, col }: TileAddress): Promise<void> {
    const array = this.info.name;
    const answer = await this.#client.result.tile({ resultId: this.#resultId, array, level, row, col });
    if (answer.ok) this.#cache.set(key, answer.value);
    else this.#failed.set(key, answer.error);
  }

  #key({ level, row, col }: TileAddress): string {
    return `${this.#resultId}/${this.info.name}/${level}/${row}/${col}`;
  }
}
