import { AppError } from '#core/errors.ts';

/** Encoded images of a folder or an archive, in their order. */
export interface ImageFiles {
  /** Name of the folder or archive, for messages. */
  label: string;
  /** Paths inside it, parts joined by `/`. */
  names: string[];
  /** Files beside them that are no images, by their endings. */
  ignored: string[];
  /** The encoded bytes. @throws AppError `bad-data` where this one file cannot be read */
  read(index: number): Promise<Uint8Array>;
  close(): void;
}

/** A file larger than this is no picture a network was trained on, or a bomb. */
export const mostEncodedBytes = 256 * 2 ** 20;

export function badImage(name: string, what: string, cause?: unknown): AppError {
  return new AppError('bad-data', `${name} ${what}`, { file: name }, cause);
}
