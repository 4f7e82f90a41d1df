import { spawn, type ChildProcess } from 'node:child_process';
import { createBirpc } from 'birpc';
import { AppError, fromPlainError, type PlainError } from '#core/errors.ts';
import {
  engineProtocolVersion,
  type EngineEvents,
  type EngineHello,
  type EngineMethods,
} from '#core/ipc/engine.ts';
import { entryPath } from '../app/entry.ts';
import { plainNode } from './plain-node.ts';

const startBudgetMs = 30_000;
const stopBudgetMs = 3_000;
const keptLogCharacters = 32_768;

const methodNames: Record<keyof EngineMethods, true> = {
  providers: true,
  inspectModel: true,
  inspectData: true,
  previewData: true,
  showInputs: true,
  unitGeometry: true,
  activationMaps: true,
  capture: true,
  secondPass: true,
  requireShards: true,
  captureShard: true,
  secondShard: true,
  mergeShards: true,
  addShards: true,
  analyse: true,
  machine: true,
  validate: true,
  cancel: true,
  pause: true,
  resume: true,
};

/** One life of the engine process. */
export interface EngineProcess {
  hello: EngineHello;
  methods: EngineMethods;
  /** Resolves with the sentence that says how it ended. */
  ended: Promise<string>;
  /** Closes the channel, which ends the process; kills it after the stop budget. */
  stop(): Promise<void>;
}

/** Starts the engine and waits for its handshake. */
export async function launchEngine(
  events: Omit<EngineEvents, 'ready'>,
  log: (line: string) => void,
  environment: Record<string, string> = {},
): Promise<EngineProcess> {
  const child = spawn(plainNode(), [entryPath('engine.process')], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: { ...engineEnvironment(), ...environment },
  });
  const stderr = keepLog(child, log);
  const ended = endOf(child);
  const handshake = deferred<EngineHello>();
  const remote = createBirpc<EngineMethods, EngineEvents, false>(
    { ...events, ready: (hello) => handshake.resolve(hello) },
    {
      post: (message: unknown) => void child.send(message as object, () => undefined),
      on: (receive) => child.on('message', receive),
      timeout: -1,
      proxify: false,
    },
  );
  void ended.then((how) => {
    const failure = new AppError('engine-failed', `${how} ${lastLine(stderr())}`.trim());
    remote.$close(failure);
    handshake.reject(failure);
  });
  const timer = setTimeout(() => {
    handshake.reject(
      new AppError('engine-failed', `The engine did not start within ${startBudgetMs / 1000} s.`),
    );
    child.kill('SIGKILL');
  }, startBudgetMs);
  try {
    const hello = await handshake.promise;
    if (hello.protocol !== engineProtocolVersion) {
      throw new AppError(
        'engine-failed',
        'The engine belongs to another version of Consilience; build the project again.',
      );
    }
    return { hello, methods: callable(remote.$callRaw, ended), ended, stop: () => stop(child, ended) };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Promise.withResolvers, which the Node inside older Electrons lacks. */
function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
} {
  let settle: Pick<ReturnType<typeof deferred<T>>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  if (!settle) throw new Error('A promise runs its executor at once.');
  return { promise, ...settle };
}

/** Electron's own switches would confuse plain Node. */
function engineEnvironment(): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _electron, NODE_OPTIONS: _options, ...environment } = process.env;
  // CUDA would round what is multiplied to the 10 bits of TF32, by default.
  return { NVIDIA_TF32_OVERRIDE: '0', ...environment };
}

function keepLog(child: ChildProcess, log: (line: string) => void): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-keptLogCharacters);
    for (const line of chunk.split('\n')) if (line.trim()) log(line);
  });
  return () => text;
}

/** The last thing an engine wrote before it ended, if that is a message and not a stack frame. */
function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() && !/^\s*at |^Node\.js v/.test(line));
  return lines.at(-1)?.trim().slice(0, 300) ?? '';
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`The engine process could not be started: ${error.message}.`));
    child.once('exit', (code, signal) => {
      const how = signal ? `was ended by ${signal}` : `ended with status ${code}`;
      resolve(`The engine process ${how}. The project file is intact; run again to compute what is missing.`);
    });
  });
}

function callable(
  call: (options: { method: string; args: unknown[] }) => Promise<unknown>,
  ended: Promise<string>,
): EngineMethods {
  let isOver = false;
  void ended.then(() => (isOver = true));
  const invoke = async (method: string, args: unknown[]): Promise<unknown> => {
    if (isOver) throw new AppError('engine-failed', 'The engine process has ended; start it again.');
    try {
      return await call({ method, args });
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (error instanceof Error) throw new AppError('internal', error.message, {}, error);
      throw fromPlainError(error as PlainError);
    }
  };
  return Object.fromEntries(
    Object.keys(methodNames).map((name) => [name, (...args: unknown[]) => invoke(name, args)]),
  ) as unknown as EngineMethods;
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), stopBudgetMs);
  await ended;
  clearTimeout(timer);
}
