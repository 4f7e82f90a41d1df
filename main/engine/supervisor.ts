import { availableParallelism } from 'node:os';
import { AppError } from '#core/errors.ts';
import { providerTitles, type ProviderStatus } from '#core/domain/provider.ts';
import type { EngineEvents, EngineMethods } from '#core/ipc/engine.ts';
import type { EngineStatus } from '#core/ipc/areas/settings.ts';
import type { EngineJobListener, EngineService } from '../app/services.ts';
import { launchEngine, type EngineProcess } from './engine-process.ts';

/** Unexpected ends in a row after which the engine is not started again until a person asks. */
const strikes = 3;

export interface EngineOptions {
  /** Lines the engine writes to its standard error. */
  log?(line: string): void;
  /** Added to the environment of each engine that is started. */
  environment?(): Record<string, string>;
}

/**
 * Keeps one engine process: started at first use, started again after an unexpected end, given up after three ends
 * in a row without an answered call in between, until `restart`.
 */
export function createEngineService(options: EngineOptions = {}): EngineService {
  return new Supervisor(options);
}

class Supervisor implements EngineService {
  readonly methods: EngineMethods;
  readonly #log: (line: string) => void;
  readonly #environment: () => Record<string, string>;
  readonly #listeners = new Set<(status: EngineStatus) => void>();
  readonly #jobs = new Map<string, EngineJobListener>();
  #process: EngineProcess | null = null;
  #starting: Promise<EngineProcess> | null = null;
  #providers: ProviderStatus[] = [];
  #generation = 0;
  #strikes = 0;
  #isStopping = false;
  #failure: string | null = null;

  constructor(options: EngineOptions) {
    this.#log = options.log ?? (() => undefined);
    this.#environment = options.environment ?? (() => ({}));
    this.methods = new Proxy({} as EngineMethods, {
      get: (_target, name) =>
        typeof name === 'string'
          ? (...args: unknown[]) => this.#call(name as keyof EngineMethods, args)
          : undefined,
    });
  }

  status(): EngineStatus {
    const state = this.#process ? 'ready' : this.#starting ? 'starting' : this.#failure ? 'failed' : 'off';
    const hello = this.#process?.hello;
    const threads = hello?.threads ?? availableParallelism();
    const linearAlgebra = hello?.linearAlgebra ?? '';
    const summaries: Record<EngineStatus['state'], string> = {
      off: 'Engine not started',
      starting: 'Engine starting…',
      ready: `${bestProvider(this.#providers)} · ${linearAlgebra} · ${threads} threads`,
      failed: this.#failure ?? '',
    };
    return {
      state,
      generation: this.#generation,
      summary: summaries[state],
      providers: this.#providers,
      linearAlgebra,
      lapack: hello?.lapack ?? null,
      threads,
      versions: hello?.versions ?? {},
    };
  }

  async start(): Promise<EngineStatus> {
    await this.#running();
    return this.status();
  }

  async restart(): Promise<EngineStatus> {
    await this.stop();
    this.#strikes = 0;
    return this.start();
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  follow(jobId: string, listener: EngineJobListener): () => void {
    this.#jobs.set(jobId, listener);
    return () => this.#jobs.delete(jobId);
  }

  async stop(): Promise<void> {
    const running = this.#process ?? (await this.#starting?.catch(() => null));
    this.#isStopping = true;
    await running?.stop();
    this.#isStopping = false;
    this.#failure = null;
    this.#announce();
  }

  async #call(name: keyof EngineMethods, args: unknown[]): Promise<unknown> {
    const running = await this.#running();
    const method = running.methods[name] as (...args: unknown[]) => Promise<unknown>;
    const answer = await method(...args);
    this.#strikes = 0;
    return answer;
  }

  async #running(): Promise<EngineProcess> {
    if (this.#process) return this.#process;
    if (this.#strikes >= strikes) {
      throw new AppError(
        'engine-failed',
        `The engine ended ${strikes} times in a row. ${this.#failure ?? ''} Choose "Restart engine" to try again.`,
      );
    }
    if (!this.#starting) {
      this.#starting = this.#launch();
      this.#announce();
    }
    return this.#starting;
  }

  async #launch(): Promise<EngineProcess> {
    this.#generation++;
    try {
      const engine = await launchEngine(this.#events(), this.#log, this.#environment());
      this.#process = engine;
      this.#failure = null;
      void engine.ended.then((how) => this.#onEnd(how));
      void engine.methods.providers().then(
        (providers) => {
          this.#providers = providers;
          this.#announce();
        },
        () => undefined,
      );
      return engine;
    } catch (error) {
      this.#strikes++;
      this.#failure = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      this.#starting = null;
      this.#announce();
    }
  }

  #onEnd(how: string): void {
    this.#process = null;
    if (!this.#isStopping) {
      this.#strikes++;
      this.#failure = how;
      this.#log(how);
    }
    this.#announce();
  }

  #events(): Omit<EngineEvents, 'ready'> {
    return {
      progress: (jobId, progress) => this.#jobs.get(jobId)?.progress?.(progress),
      note: (jobId, sentence) => this.#jobs.get(jobId)?.note?.(sentence),
      outcome: (jobId, outcome) => this.#jobs.get(jobId)?.outcome?.(outcome),
      checkpoint: async (jobId, state) => this.#jobs.get(jobId)?.checkpoint?.(state) ?? 0,
    };
  }

  #announce(): void {
    const status = this.status();
    for (const listener of this.#listeners) listener(status);
  }
}

/** What `auto` would take. */
function bestProvider(providers: ProviderStatus[]): string {
  const gpu = providers.find(
    (provider) => provider.available && provider.name !== 'cpu' && provider.name !== 'webgpu',
  );
  return providerTitles[gpu?.name ?? 'cpu'];
}
