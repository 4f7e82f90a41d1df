import type { ResultEntry } from '#core/domain/result.ts';
import type { PairTable } from '#core/ipc/areas/result.ts';
import { diagonalOrder } from '#core/numeric/matching/display-order.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { Result } from '#core/result.ts';
import type { Session } from '../../app/session.svelte.ts';
import { CanvasPainter } from '../../plots/heatmap/canvas-painter.ts';
import { MatrixSource, TileCache } from '../../plots/heatmap/matrix-source.ts';
import { Resource } from '../../ui/resource.svelte.ts';
import { readResult } from '../analysis/read-result.ts';
import { UnitPictures } from '../inspector/unit-pictures.svelte.ts';
import {
  isMappingArray,
  Mapping,
  sortTargets,
  weightOrder,
  type MappingPoint,
  type MappingTarget,
  type TargetKey,
  type WeightOrder,
} from './mapping-model.ts';
import { matrixSource } from './matrix-lines.ts';

interface MappingData {
  mapping: Mapping;
  pairs: PairTable | null;
}

const defaults = {
  /** null: the one-standard-error rule's. */
  alpha: null as number | null,
  order: 'match' as WeightOrder,
  sort: 'loss' as TargetKey,
  isDescending: false,
};

/** What the Sparse map shows: penalty, orders and sorting are kept; the target is the selected unit of B. */
export class SparseMapState {
  readonly options;
  readonly read = new Resource<MappingData>();
  readonly weights = new Resource<MatrixSource>();
  readonly painter = new CanvasPainter();
  readonly cache = new TileCache(96 * 1024 * 1024, (tile) => this.painter.forget(tile));
  readonly pictures: UnitPictures;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    this.pictures = new UnitPictures(session.client);
    this.options = session.options.of('sparse-map', { ...defaults });
  }

  readonly #mapping = $derived.by(() => this.read.value?.mapping ?? null);
  readonly #point = $derived.by(() => this.#mapping?.chosen(this.options.alpha));
  readonly #targets = $derived.by((): MappingTarget[] =>
    this.#mapping && this.#point ? this.#mapping.targets(this.#point) : [],
  );
  readonly #sorted = $derived.by(() =>
    sortTargets(this.#targets, this.options.sort, this.options.isDescending),
  );
  readonly #match = $derived.by(() => {
    const { pairs } = this.read.value ?? {};
    const targets = this.#mapping?.targetCount ?? 0;
    return pairs && targets > 0 ? diagonalOrder(pairs.matchB, targets) : null;
  });
  readonly #order = $derived.by(() => {
    const info = this.weights.value?.info;
    return info
      ? weightOrder(
          this.options.order,
          { targets: info.rows, sources: info.cols },
          this.#match,
          this.#targets,
        )
      : null;
  });
  readonly #source = $derived.by((): MatrixSource | null => {
    const base = this.weights.value;
    const [order, mapping, point] = [this.#order, this.#mapping, this.#point];
    if (!base || !order || !mapping || !point) return base ?? null;
    const named = { ...order, name: this.options.order };
    return new MatrixSource(this.#session.client, mapping.data.entry.id, base.info, this.cache, named);
  });

  get mapping(): Mapping | null {
    return this.#mapping;
  }
  get point(): MappingPoint | undefined {
    return this.#point;
  }
  get targets(): MappingTarget[] {
    return this.#targets;
  }
  get sorted(): MappingTarget[] {
    return this.#sorted;
  }
  /** The selected unit of B where it is a live target; else the first of the list. */
  get target(): number | null {
    const chosen = this.#session.choice.units?.unitB ?? -1;
    if (chosen >= 0 && chosen < (this.#mapping?.targetCount ?? 0)) return chosen;
    return this.#sorted[0]?.unit ?? null;
  }
  get hasMatch(): boolean {
    return this.#match !== null;
  }
  /** Weights in the order that is drawn, and which target and source stand at each place. */
  get source(): MatrixSource | null {
    return this.#source;
  }
  get order(): { rows: Int32Array; cols: Int32Array } | null {
    return this.#order;
  }

  choose(point: MappingPoint): void {
    this.options.alpha = point.alpha;
  }

  step(by: number): void {
    if (this.#mapping && this.#point) this.choose(this.#mapping.step(this.#point, by));
  }

  sortBy(key: TargetKey): void {
    const isSame = this.options.sort === key;
    this.options.isDescending = isSame ? !this.options.isDescending : key === 'explained';
    this.options.sort = key;
  }

  /** The target with its partner in A. */
  async selectTarget(unit: number): Promise<void> {
    await this.#session.selectUnit(this.#session.choice.b, unit);
  }

  selectSource(source: number, target: number): void {
    this.#session.selectUnits({ unitA: source, unitB: target });
  }

  async readMapping(client: Client, entry: ResultEntry, matching: ResultEntry | undefined): Promise<void> {
    await this.read.load(async (): Promise<Result<MappingData>> => {
      const [result, pairs] = await Promise.all([
        readResult(client, entry, isMappingArray),
        matching ? client.result.pairs({ resultId: matching.id }) : null,
      ]);
      if (!result.ok) return result;
      return {
        ok: true,
        value: { mapping: new Mapping(result.value), pairs: pairs?.ok ? pairs.value : null },
      };
    });
  }

  async readWeights(client: Client, resultId: string, array: string): Promise<void> {
    await this.weights.load(() => matrixSource(client, resultId, array, this.cache));
  }

  dispose(): void {
    this.pictures.dispose();
    this.cache.clear();
    this.painter.dispose();
  }
}
