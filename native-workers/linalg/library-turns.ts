import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

const name = 'consilience.library-turns';
/** Words of the shared state. */
const [mutex, changed, kind, inside, waitingWhole, waitingDivided, words] = [0, 1, 2, 3, 4, 5, 6];
/** Kinds of calls; 0 before the first. */
const [whole, divided] = [1, 2];

/** Threads of the library that a call uses: one, or all that there are. */
export interface ThreadCounts {
  divided: number;
  set(count: number): void;
}

/**
 * The system's library has one number of threads for the whole process, and its decompositions' last bits depend on it.
 * Calls on one thread and calls that the library divides among all therefore take turns across the threads that share
 * the state: any number of one kind at a time, in alternation where both wait, so that an answer depends on its input
 * alone and not on what runs beside it.
 */
export class LibraryTurns {
  readonly #state: Int32Array;
  readonly #threads: ThreadCounts;

  /** @param state of `createTurns`, of all threads whose calls may meet */
  constructor(state: SharedArrayBuffer, threads: ThreadCounts) {
    this.#state = new Int32Array(state);
    this.#threads = threads;
  }

  /** The call's answer; waits, without an event loop, while calls of the other kind run. */
  run<T>(isDivided: boolean, call: () => T): T {
    this.#enter(isDivided ? divided : whole);
    try {
      return call();
    } finally {
      this.#leave();
    }
  }

  #enter(asked: number): void {
    const state = this.#state;
    const [mine, others] = asked === whole ? [waitingWhole, waitingDivided] : [waitingDivided, waitingWhole];
    this.#lock();
    while (state[kind] === asked ? state[others] > 0 : state[inside] > 0) {
      state[mine]++;
      const seen = Atomics.load(state, changed);
      this.#unlock();
      Atomics.wait(state, changed, seen);
      this.#lock();
      state[mine]--;
    }
    // Others, passes over data among them, may have set another number since.
    if (state[inside] === 0) this.#threads.set(asked === whole ? 1 : this.#threads.divided);
    if (state[kind] !== asked) this.#announce();
    state[kind] = asked;
    state[inside]++;
    this.#unlock();
  }

  #leave(): void {
    this.#lock();
    this.#state[inside]--;
    if (this.#state[inside] === 0) this.#announce();
    this.#unlock();
  }

  #announce(): void {
    Atomics.add(this.#state, changed, 1);
    Atomics.notify(this.#state, changed);
  }

  #lock(): void {
    while (Atomics.compareExchange(this.#state, mutex, 0, 1) !== 0) Atomics.wait(this.#state, mutex, 1);
  }

  #unlock(): void {
    Atomics.store(this.#state, mutex, 0);
    Atomics.notify(this.#state, mutex, 1);
  }
}

export function createTurns(): SharedArrayBuffer {
  return new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT);
}

/** Threads that this one starts from here on, up to the next call, take turns among each other. */
export function shareTurns(): void {
  setEnvironmentData(name, createTurns());
}

/** The turns of this thread and of those started with it; a thread that has none is alone. */
export function turnsOfThread(): SharedArrayBuffer {
  const shared = getEnvironmentData(name);
  return shared instanceof SharedArrayBuffer ? shared : createTurns();
}
