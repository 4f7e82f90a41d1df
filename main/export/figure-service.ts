import { AppError } from '#core/errors.ts';
import type { ProjectRun } from '#core/domain/project.ts';
import type { AnalysisName, ScoreKind } from '#core/domain/recipe.ts';
import { headlineNumber, type ResultEntry } from '#core/domain/result.ts';
import type { Figure, Matrix, Sampling } from '#core/figure/data.ts';
import { figureSpecVersion } from '#core/figure/spec.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { FigureRequest } from '#core/ipc/areas/figure.ts';
import { version } from '#core/version.ts';
import type { FigureService } from '../app/services.ts';
import { layerIntervals } from './layer-intervals.ts';
import { renderFigure } from './render-figure.ts';

/** Figures made from stored results; the same request gives the same bytes on screen, in the window's export and here. */
export function createFigureService(): FigureService {
  return {
    async render(database, request, theme) {
      const source = await FigureSource.open(database, request);
      return renderFigure(await source.figure(), theme);
    },
  };
}

class FigureSource {
  readonly #database: DatabaseMethods;
  readonly #request: FigureRequest;
  readonly #project: string;
  readonly #run: ProjectRun;

  static async open(database: DatabaseMethods, request: FigureRequest): Promise<FigureSource> {
    const summary = await database.summary();
    const run = summary.runs.find((candidate) => candidate.id === request.runId);
    if (!run)
      throw new AppError('not-found', 'The run that this figure shows is not in the project any more.');
    return new FigureSource(database, request, summary.title, run);
  }

  private constructor(database: DatabaseMethods, request: FigureRequest, project: string, run: ProjectRun) {
    this.#database = database;
    this.#request = request;
    this.#project = project;
    this.#run = run;
  }

  figure(): Promise<Figure> {
    if (this.#request.kind === 'layer-means') return this.#layerMeans();
    return this.#request.kind === 'correlation-quad' ? this.#correlationQuad() : this.#matchingCurves();
  }

  #common(results: ResultEntry[]) {
    const provenance = {
      project: this.#project,
      resultIds: results.map((result) => result.id),
      software: `Consilience ${version}`,
    };
    return { version: figureSpecVersion, preset: this.#request.preset, provenance } as const;
  }

  async #correlationQuad(): Promise<Figure> {
    const correlation = this.#result('correlation');
    const matching = this.#result('matching');
    const matrix = async (name: string): Promise<Matrix> => {
      const { rows, cols, data } = await this.#database.array(correlation.id, name);
      return { rows, cols, values: data as Float64Array };
    };
    const order = await this.#database.array(matching.id, 'order-b');
    return {
      spec: {
        ...this.#common([correlation, matching]),
        kind: 'correlation-quad',
        colours: this.#request.colours ?? 'diverging',
      },
      data: {
        ...this.#sides(correlation),
        withinA: await matrix('within-a'),
        withinB: await matrix('within-b'),
        between: await matrix('between'),
        orderB: order.data,
        sampling: await this.#sampling(correlation),
      },
    };
  }

  async #matchingCurves(): Promise<Figure> {
    const matching = this.#result('matching');
    const vector = async (name: string) => (await this.#database.array(matching.id, name)).data;
    const partner = await vector('match');
    const value = await vector('match-value');
    const headline = (key: string) => headlineNumber(matching.headline, key) ?? Number.NaN;
    return {
      spec: { ...this.#common([matching]), kind: 'matching-curves', order: 'each' },
      data: {
        ...this.#sides(matching),
        score: scoreOf(matching),
        semi: await vector('semi-value'),
        match: Float64Array.from(value, (entry, unit) => (partner[unit] < 0 ? Number.NaN : entry)),
        semiMean: headline('semiMean'),
        matchMean: headline('matchMean'),
        agreement: headline('agreement'),
        sampling: await this.#sampling(matching),
      },
    };
  }

  async #layerMeans(): Promise<Figure> {
    const results = this.#run.results.filter((result) => result.analysis === 'matching');
    if (results.length === 0) throw missing('matching');
    const { bootstrap, intervals } = await layerIntervals(this.#run, scoreOf(results[0]), (id, name) =>
      this.#database.array(id, name),
    );
    const layers = this.#run.layers.map(({ name }) => ({
      layer: name,
      pairs: results
        .filter((result) => result.a.layer === name)
        .map(({ a, b, headline }) => ({
          a: a.network,
          b: b.network,
          semiMean: headlineNumber(headline, 'semiMean') ?? Number.NaN,
          matchMean: headlineNumber(headline, 'matchMean') ?? Number.NaN,
        })),
      ...(intervals[name] ? { interval: intervals[name] } : {}),
    }));
    return {
      spec: { ...this.#common(results), kind: 'layer-means', dots: true },
      data: {
        score: scoreOf(results[0]),
        layers: layers.filter((layer) => layer.pairs.length > 0),
        images: await this.#images(),
        ...(bootstrap ? { bootstrap } : {}),
      },
    };
  }

  /** The stored result of the pair and layer asked for. */
  #result(analysis: AnalysisName): ResultEntry {
    const { a, b, layer } = this.#request;
    const found = this.#run.results.find(
      (result) =>
        result.analysis === analysis &&
        result.a.network === a &&
        result.b.network === b &&
        result.a.layer === layer,
    );
    if (!found) throw missing(analysis, `${a} and ${b}, layer ${layer}`);
    return found;
  }

  #sides(result: ResultEntry) {
    const layer = this.#run.layers.find(({ name }) => name === result.a.layer);
    return {
      layer: result.a.layer,
      networkA: result.a.network,
      networkB: result.b.network,
      deadA: layer?.deadUnits[result.a.network] ?? 0,
      deadB: layer?.deadUnits[result.b.network] ?? 0,
    };
  }

  async #sampling(result: ResultEntry): Promise<Sampling> {
    const layer = this.#run.layers.find(({ name }) => name === result.a.layer);
    const sample = result.params.sample as { kind: Sampling['kind'] };
    return { images: await this.#images(), samples: layer?.samples ?? 0, kind: sample.kind };
  }

  /** Images the analyses were fitted on. */
  async #images(): Promise<number> {
    const capture = await this.#database.capture(await this.#database.captureOfRun(this.#run.id));
    return capture.images - capture.testImages;
  }
}

function scoreOf(result: ResultEntry): ScoreKind {
  return result.params.score as ScoreKind;
}

function missing(analysis: AnalysisName, what?: string): AppError {
  const of = what ? ` of ${what}` : '';
  return new AppError(
    'not-found',
    `The ${analysis}${of} is not in this run; add it to the recipe and run again.`,
  );
}
