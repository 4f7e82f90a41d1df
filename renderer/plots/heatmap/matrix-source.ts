import type { PlainError } from '#core/errors.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { MatrixInfo, Tile } from '#core/ipc/areas/result.ts';
import type { Result } from '#core/result.ts';
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

/** The unit at each place, down and across. */
export interface MatrixOrder {
  rows: ArrayLike<number>;
  cols: ArrayLike<number>;
  /** Tells this order from others of the same matrix. */
  name: string;
}

/** A stored matrix, in its own order or in another, read tile by tile. A tile is asked for once, however often it is wanted. */
export class MatrixSource {
  readonly info: MatrixInfo;
  readonly #client: Client;
  readonly #resultId: string;
  readonly #cache: TileCache;
  readonly #asked = new Map<string, Promise<void>>();
  readonly #failed = new Map<string, PlainError>();
  readonly #order: MatrixOrder | null;
  #orderId: Promise<Result<{ order: string }>> | null = null;

  constructor(
    client: Client,
    resultId: string,
    info: MatrixInfo,
    cache: TileCache,
    order: MatrixOrder | null = null,
  ) {
    this.info = info;
    this.#client = client;
    this.#resultId = resultId;
    this.#cache = cache;
    this.#order = order;
  }

  /** Empty for the stored order. */
  get orderName(): string {
    return this.#order?.name ?? '';
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

  async #read(key: string, address: TileAddress): Promise<void> {
    let answer = await this.#ask(address);
    // Main keeps a number of orders; one that made room for others is told again.
    if (!answer.ok && answer.error.code === 'not-found' && this.#orderId) {
      this.#orderId = null;
      answer = await this.#ask(address);
    }
    if (answer.ok) this.#cache.set(key, answer.value);
    else this.#failed.set(key, answer.error);
  }

  async #ask({ level, row, col }: TileAddress): Promise<Result<Tile>> {
    const tile = { resultId: this.#resultId, array: this.info.name, level, row, col };
    if (!this.#order) return this.#client.result.tile(tile);
    const { rows, cols } = this.#order;
    this.#orderId ??= this.#client.result.order({ rows: Array.from(rows), cols: Array.from(cols) });
    const kept = await this.#orderId;
    return kept.ok ? this.#client.result.tile({ ...tile, order: kept.value.order }) : kept;
  }

  #key({ level, row, col }: TileAddress): string {
    return `${this.#resultId}/${this.info.name}/${this.orderName}/${level}/${row}/${col}`;
  }
}
