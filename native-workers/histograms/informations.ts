import { mutualInformation } from '#core/numeric/mutual-information/mutual-information.ts';

/** Addresses of joint counts in shared memory, uint32 [units of A x units of B x bins x bins] each. */
export interface CountPlaces {
  /** Of all samples; with halves, of the other half. */
  between: number;
  /** With the images of B shuffled. */
  shuffled: number;
  /** Of a random half of the images; 0: not counted. */
  half: number;
}

/** What is told of every unit of A with every unit of B, [units of A x units of B] each, in memory that threads share. */
export interface PairInformation {
  /** Mutual information, nats: see `mutualInformation`. */
  information: Float64Array;
  corrected: Float64Array;
  /** `information` with the images of B shuffled. */
  shuffled: Float64Array;
  /** `information` of a random half of the images, and of the rest of them. */
  half: Float64Array | null;
  rest: Float64Array | null;
  /** Entropies, nats: [units of A] and [units of B]. */
  entropyA: Float64Array;
  entropyB: Float64Array;
}

/** Counts of some units of A become information. */
export interface InformJob {
  counts: CountPlaces;
  /** Which of the counted units of A, and which unit of A the first counted one is. */
  firstRow: number;
  endRow: number;
  rowOfFirst: number;
  unitsB: number;
  bins: number;
  into: PairInformation;
}

export function pairInformation(unitsA: number, unitsB: number, hasHalves: boolean): PairInformation {
  const matrix = () => sharedNumbers(unitsA * unitsB);
  return {
    ...{ information: matrix(), corrected: matrix(), shuffled: matrix() },
    ...{ half: hasHalves ? matrix() : null, rest: hasHalves ? matrix() : null },
    ...{ entropyA: sharedNumbers(unitsA), entropyB: sharedNumbers(unitsB) },
  };
}

/** Does its job; the rows of `into` are nobody else's, and entropies of B are the same whoever writes them. */
export function inform(memory: { buffer: ArrayBufferLike }, job: InformJob): void {
  const { counts, firstRow, endRow, rowOfFirst, unitsB, bins, into } = job;
  const cells = bins * bins;
  const whole = new Uint32Array(cells);
  for (let row = firstRow; row < endRow; row++) {
    const first = row * unitsB;
    const tables = (address: number) =>
      new Uint32Array(memory.buffer, address + first * cells * 4, unitsB * cells);
    const [between, shuffled] = [tables(counts.between), tables(counts.shuffled)];
    const half = counts.half > 0 ? tables(counts.half) : null;
    for (let col = 0; col < unitsB; col++) {
      const start = col * cells;
      const at = (rowOfFirst + row) * unitsB + col;
      if (half && into.half && into.rest) {
        for (let cell = 0; cell < cells; cell++) whole[cell] = between[start + cell] + half[start + cell];
        into.half[at] = mutualInformation(half, bins, start).raw;
        into.rest[at] = mutualInformation(between, bins, start).raw;
      }
      const pair = half ? mutualInformation(whole, bins) : mutualInformation(between, bins, start);
      into.information[at] = pair.raw;
      into.corrected[at] = pair.corrected;
      into.entropyA[rowOfFirst + row] = pair.entropyX;
      into.entropyB[col] = pair.entropyY;
      into.shuffled[at] = mutualInformation(shuffled, bins, start).raw;
    }
  }
}

function sharedNumbers(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * 8));
}
