import { closeSync, openSync, rmSync } from 'node:fs';
import { AppError } from '#core/errors.ts';
import type { Resumable, StateReader, StateWriter } from '../accumulate/saved-state.ts';
import { filePieces, writeWhole, writtenPieces } from '../files/whole-bytes.ts';
import { CodesInFile, factsOf, runsFrom, type CodedRun, type CodedRuns } from './coded-runs.ts';
import { groupsOf } from './count-threads.ts';

/**
 * Codes in a file of its own, half a byte a unit and sample: kept where the counts of all pairs of units would not fit
 * in memory, to be counted block by block once all are there.
 */
export class KeptCodes implements Resumable {
  readonly #path: string;
  readonly #pairs: number;
  readonly #file: number;
  readonly #codes: CodesInFile;

  /** @param pairs number of pairs of networks, each with turns of its own */
  constructor(path: string, units: readonly number[], pairs: number) {
    this.#path = path;
    this.#pairs = pairs;
    this.#file = openSync(path, 'w+');
    this.#codes = new CodesInFile({ file: this.#file, path, offset: 0 }, units);
  }

  get runs(): CodedRuns {
    return this.#codes;
  }

  get bytes(): number {
    return this.#codes.bytes;
  }

  /** All codes, in pieces. */
  get pieces(): Iterable<Uint8Array> {
    return filePieces(this.#path, { offset: 0, bytes: this.bytes });
  }

  /** @param row codes of a group of a network */
  append(run: CodedRun, row: (network: number, group: number) => Uint8Array): void {
    let at = this.#codes.add(run);
    this.#writing(() => {
      for (const [network, units] of this.#codes.units.entries()) {
        for (let group = 0; group < groupsOf(units); group++) {
          writeWhole(this.#file, row(network, group), at);
          at += run.samples;
        }
      }
    });
  }

  save(state: StateWriter): void {
    state.put('kept', factsOf(this.#codes.runs));
    state.putPieces('kept-codes', 'uint8', this.bytes, this.pieces);
  }

  restore(state: StateReader): void {
    for (const run of runsFrom(state.integers('kept'), this.#pairs)) this.#codes.add(run);
    this.#writing(() => state.intoPieces('kept-codes', this.bytes, writtenPieces(this.#file, this.bytes)));
  }

  close(): void {
    closeSync(this.#file);
    rmSync(this.#path, { force: true });
  }

  #writing(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!(error instanceof Error) || !('syscall' in error)) throw error;
      const path = this.#path;
      throw new AppError(
        'storage',
        `Codes of activations cannot be written to ${path}: ${error.message}`,
        { path },
        error,
      );
    }
  }
}
