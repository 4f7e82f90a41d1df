import { AppError } from '#core/errors.ts';

/** Encoded images of a folder or an archive, or of a column of a table, in their order. */
export interface ImageFiles {
  /** Name of the folder, archive or column, for messages. */
  label: string;
  /** Paths inside it, parts joined by `/`; of a column's images their rows. */
  names: string[];
  /** Files beside them that are no images, by their endings. */
  ignored: string[];
  /** Whether much is unpacked again and again unless they are read in their order. */
  isSlowOutOfOrder?: boolean;
  /** The encoded bytes. @throws AppError `bad-data` where this one file cannot be read */
  read(index: number): Promise<Uint8Array>;
  close(): void;
}

/** A file larger than this is no picture a network was trained on, or a bomb. */
export const mostEncodedBytes = 256 * 2 ** 20;

/** The name of an image that lies in a table. */
export function rowName(row: number, fileName: string): string {
  return `row ${row} of ${fileName}`;
}

export function badImage(name: string, what: string, cause?: unknown): AppError {
  return new AppError('bad-data', `${name} ${what}`, { file: name }, cause);
}
