import { createRandom, sampleWithoutReplacement } from '#core/random.ts';

/** Kept samples of one layer, unit by unit. */
export class KeptSample {
  /** Number of samples kept. */
  readonly rows: number;
  /** [joint units x rows] */
  protected readonly values: Float32Array;
  protected readonly units: number;

  constructor(units: number, rows: number) {
    this.units = units;
    this.rows = rows;
    this.values = new Float32Array(rows * units);
  }

  /** The kept values of one joint unit, in reading order. */
  unit(unit: number): Float32Array {
    return this.values.subarray(unit * this.rows, (unit + 1) * this.rows);
  }

  /** A seeded choice of kept samples as rows, [count x joint units]. */
  asRows(count: number, seed: number): { rows: number; values: Float32Array } {
    const rows = Math.min(count, this.rows);
    const chosen = sampleWithoutReplacement(this.rows, rows, createRandom(seed));
    const units = this.units;
    const values = new Float32Array(rows * units);
    chosen.forEach((from, row) => {
      for (let unit = 0; unit < units; unit++)
        values[row * units + unit] = this.values[unit * this.rows + from];
    });
    return { rows, values };
  }

  /** Puts the samples from `from` on in their places: [joint units x count]. */
  put(from: number, part: Float32Array): void {
    const count = part.length / this.units;
    for (let unit = 0; unit < this.units; unit++)
      this.unit(unit).set(part.subarray(unit * count, (unit + 1) * count), from);
  }
}
