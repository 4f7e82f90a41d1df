/** Hash of every array, and every record, by what it is of. */
export type Content = Map<string, string>;

/** How far the only run of a file has come. */
export interface Kept {
  /** Images of the first and of the second pass, by their checkpoints; where the first is several, of all of them. */
  first: number;
  second: number;
  results: number;
  /** The first pass's sums are stored. */
  isCaptured: boolean;
}

/** A kind of file that commands make, and go on with when they were killed: a project, or a shard. */
export interface KilledFile {
  contentOf(file: string): Content | Promise<Content>;
  keptIn(file: string): Kept | Promise<Kept>;
  /** @throws where the file is damaged, or anything of an earlier try is left */
  checkWhole(file: string): void;
  remove(file: string): void;
}
