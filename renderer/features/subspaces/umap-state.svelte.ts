import type { Coordinates, SpaceData } from '#core/space/space-data.ts';
import UmapWorker from './umap.worker.ts?worker';
import type { UmapReport } from './umap.worker.ts';

/** Layouts kept, newest last: each is small. */
const mostKept = 24;

/** UMAP of a space's units, worked out in a thread of its own when first asked for, and kept. */
export class UmapState {
  readonly #kept = new Map<string, Coordinates>();
  #key = $state('');
  #coordinates = $state.raw<Coordinates | null>(null);
  #share = $state(0);
  #problem = $state('');
  #worker: Worker | null = null;

  /** Of the space last asked for; null while it is being worked out. */
  get coordinates(): Coordinates | null {
    return this.#coordinates;
  }
  get key(): string {
    return this.#key;
  }
  /** 0..1 */
  get share(): number {
    return this.#share;
  }
  get problem(): string {
    return this.#problem;
  }

  ask(space: SpaceData): void {
    if (this.#key === space.key) return;
    this.#end();
    this.#key = space.key;
    this.#share = 0;
    this.#problem = '';
    this.#coordinates = this.#kept.get(space.key) ?? null;
    if (this.#coordinates) return;
    if (!space.neighbours) {
      this.#problem = 'This result holds no nearest profiles.';
      return;
    }
    const worker = new UmapWorker();
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<UmapReport>) => this.#receive(space.key, data);
    worker.onerror = (event) => this.#receive(space.key, { failed: event.message });
    worker.postMessage(space.neighbours);
  }

  dispose(): void {
    this.#end();
  }

  #receive(key: string, report: UmapReport): void {
    if (key !== this.#key) return;
    if ('done' in report) {
      this.#share = report.done / report.total;
      return;
    }
    this.#end();
    if ('failed' in report) this.#problem = `UMAP failed: ${report.failed}`;
    else if (!report.places) this.#problem = 'There are too few units for UMAP.';
    else this.#keep(key, { dimensions: 3, values: report.places, worth: [] });
  }

  #keep(key: string, coordinates: Coordinates): void {
    this.#kept.set(key, coordinates);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    this.#coordinates = coordinates;
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}
