import { AppError } from '#core/errors.ts';
import type { ProjectRun } from '#core/domain/project.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';
import { headlineNumber, type NamedArray, type ResultEntry } from '#core/domain/result.ts';
import type { Matrix, Sampling } from '#core/figure/data.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { captureArrayName, type CaptureSummary } from '#core/ipc/engine.ts';
import { version } from '#core/version.ts';
import { isStreamed, streamedMatrix } from './streamed-matrix.ts';
import type { ValueRange } from '#core/figure/spec.ts';

/** Which networks and layer a panel shows. */
export interface PairPlace {
  a: string;
  b: string;
  layer: string;
}

/** Reads one run of a project for figures, and remembers which results were read. */
export class RunSource {
  readonly run: ProjectRun;
  readonly #database: DatabaseMethods;
  readonly #project: string;
  readonly #used = new Set<string>();
  #capture: Promise<{ id: string; summary: Omit<CaptureSummary, 'arrays'> }> | undefined;

  /** `runId`: a whole id or how one begins; without it the newest run. */
  static async open(database: DatabaseMethods, runId?: string): Promise<RunSource> {
    const { title, runs } = await database.summary();
    const run = runId === undefined ? runs[0] : runs.find(({ id }) => id.startsWith(runId));
    if (!run) {
      throw new AppError(
        'not-found',
        runId === undefined
          ? 'The project holds no run yet; consilience run adds one.'
          : 'The run that this figure shows is not in the project any more.',
      );
    }
    return new RunSource(database, title, run);
  }

  private constructor(database: DatabaseMethods, project: string, run: ProjectRun) {
    this.#database = database;
    this.#project = project;
    this.run = run;
  }

  get provenance() {
    return { project: this.#project, resultIds: [...this.#used], software: `Consilience ${version}` };
  }

  /** Pair and layer of a panel: its own, else the page's, else the run's first. */
  placeOf(...wishes: Partial<PairPlace>[]): PairPlace {
    const wish = (key: keyof PairPlace) => wishes.map((one) => one[key]).find((value) => value !== undefined);
    const layers = this.run.layers.map(({ name }) => name);
    const names = this.run.networks.map(({ name }) => name);
    const a = wish('a') ?? names.find((name) => name !== wish('b')) ?? '';
    const b = wish('b') ?? names.find((name) => name !== a) ?? '';
    const layer = wish('layer') ?? layers[0] ?? '';
    for (const network of [a, b]) {
      if (!names.includes(network)) throw unknown('network', network, names);
    }
    if (!layers.includes(layer)) throw unknown('layer', layer, layers);
    return { a, b, layer };
  }

  find(analysis: AnalysisName, isWanted: (entry: ResultEntry) => boolean): ResultEntry | undefined {
    const found = this.run.results.find((entry) => entry.analysis === analysis && isWanted(entry));
    if (found) this.#used.add(found.id);
    return found;
  }

  all(analysis: AnalysisName): ResultEntry[] {
    const found = this.run.results.filter((entry) => entry.analysis === analysis);
    for (const { id } of found) this.#used.add(id);
    if (found.length === 0) throw missing(analysis);
    return found;
  }

  /** The stored result of a pair and layer. */
  result(analysis: AnalysisName, { a, b, layer }: PairPlace): ResultEntry {
    const found = this.find(
      analysis,
      (entry) => entry.a.network === a && entry.b.network === b && entry.a.layer === layer,
    );
    if (found) return found;
    if (
      this.run.results.some(
        (entry) => entry.analysis === analysis && entry.a.network === b && entry.b.network === a,
      )
    ) {
      throw new AppError(
        'not-found',
        `The run compares ${b} with ${a}, not ${a} with ${b}; give a: ${b}, b: ${a}.`,
      );
    }
    throw missing(analysis, `${a} and ${b}, layer ${layer}`);
  }

  /** An array by the id of its result. */
  array = (resultId: string, name: string): Promise<NamedArray> => {
    this.#used.add(resultId);
    return this.#database.array(resultId, name);
  };

  async vector(
    result: ResultEntry,
    name: string,
  ): Promise<Float64Array | Float32Array | Int32Array | Uint8Array> {
    return (await this.#database.array(result.id, name)).data;
  }

  /** A matrix as numbers, or, where it is too large for that, as colours over `rangeFor`. */
  async matrix(
    result: ResultEntry,
    name: string,
    rangeFor?: (stats: ValueRange) => ValueRange,
  ): Promise<Matrix> {
    const info = await this.#database.matrixInfo(result.id, name);
    if (rangeFor && isStreamed(info)) return streamedMatrix(this.#database, result.id, info, rangeFor(info));
    const { rows, cols, data } = await this.#database.array(result.id, name);
    return { rows, cols, values: data as Float64Array | Float32Array };
  }

  async hasArray(result: ResultEntry, name: string): Promise<boolean> {
    const { arrays } = await this.#database.result(result.id);
    return arrays.some((array) => array.name === name);
  }

  async arrayNames(result: ResultEntry): Promise<string[]> {
    return (await this.#database.result(result.id)).arrays.map(({ name }) => name);
  }

  sides(place: PairPlace) {
    const layer = this.run.layers.find(({ name }) => name === place.layer);
    return {
      layer: place.layer,
      networkA: place.a,
      networkB: place.b,
      deadA: layer?.deadUnits[place.a] ?? 0,
      deadB: layer?.deadUnits[place.b] ?? 0,
    };
  }

  async pair(result: ResultEntry, { a, b, layer }: PairPlace) {
    return { layer, networkA: a, networkB: b, sampling: await this.sampling(layer, result) };
  }

  async sampling(layerName: string, result?: ResultEntry): Promise<Sampling> {
    const layer = this.run.layers.find(({ name }) => name === layerName);
    const sample = result?.params.sample as { kind: Sampling['kind'] } | undefined;
    const kind = sample?.kind ?? (layer?.sample as Sampling['kind'] | undefined) ?? 'image';
    return { images: await this.images(), samples: layer?.samples ?? 0, kind };
  }

  /** Images the analyses were fitted on. */
  async images(): Promise<number> {
    const { summary } = await this.capture();
    return summary.images - summary.testImages;
  }

  capture() {
    this.#capture ??= this.#database
      .captureOfRun(this.run.id)
      .then(async (id) => ({ id, summary: await this.#database.capture(id) }));
    return this.#capture;
  }

  /** An array over the units of all networks at a layer, and where a network's units lie in it. */
  async jointArray(layer: string, fold: 'train' | 'all', what: string) {
    const { id, summary } = await this.capture();
    const index = summary.layers.findIndex(({ name }) => name === layer);
    if (index < 0) throw new AppError('bad-project', `The project holds no statistics of layer ${layer}.`);
    const { units } = summary.layers[index];
    const array = await this.#database.captureArray(id, captureArrayName(index, fold, what));
    return {
      array,
      captured: summary.layers[index],
      rangeOf: (network: string): [number, number] => {
        const at = this.run.networks.findIndex(({ name }) => name === network);
        const start = units.slice(0, at).reduce((sum, count) => sum + count, 0);
        return [start, start + units[at]];
      },
    };
  }
}

/** A number that the headline of every result of this analysis has. */
export function headlineOf(result: ResultEntry, key: string): number {
  return headlineNumber(result.headline, key) ?? Number.NaN;
}

export function missing(analysis: AnalysisName, what?: string): AppError {
  const of = what ? ` of ${what}` : '';
  return new AppError(
    'not-found',
    `The ${analysis}${of} is not in this run; add it to the recipe and run again.`,
  );
}

function unknown(what: string, name: string, known: string[]): AppError {
  return new AppError('bad-request', `The run has no ${what} "${name}"; it has ${known.join(', ')}.`);
}
