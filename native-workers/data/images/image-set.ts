import type { EngineData, SkippedSample } from '#core/ipc/engine.ts';
import { AppError, fromPlainError, toPlainError } from '#core/errors.ts';
import { decodeImage, type Decoding } from './decode-image.ts';
import type { ImageFiles } from './image-files.ts';
import { openImageFiles } from './open-images.ts';
import type { Picture } from './picture.ts';

/** Images decoded side by side: the runtime's own threads do the work. */
const sideBySide = 4;

/** Images as samples: those of a folder, archive or column in their order, less those left out. */
export class ImageSet {
  readonly label: string;
  readonly ignored: readonly string[];
  readonly #files: ImageFiles;
  /** File of each sample. */
  #chosen: number[];
  /** Samples at most, before any was left out. */
  readonly #limited: number;

  private constructor(files: ImageFiles, chosen: number[], limited: number) {
    this.#limited = limited;
    this.#files = files;
    this.#chosen = chosen;
    this.label = files.label;
    this.ignored = files.ignored;
  }

  /** Of a folder or an archive. */
  static async open(data: Pick<EngineData, 'path' | 'limit' | 'skipped'>): Promise<ImageSet> {
    return ImageSet.of(await openImageFiles(data.path), data);
  }

  /** `data.limit` counts files, those left out among them. */
  static of(files: ImageFiles, { limit, skipped }: Pick<EngineData, 'limit' | 'skipped'>): ImageSet {
    const without = new Set(skipped);
    const count = Math.min(files.names.length, limit ?? files.names.length);
    const chosen = Array.from({ length: count }, (_, index) => index).filter(
      (index) => !without.has(files.names[index]),
    );
    return new ImageSet(files, chosen, count);
  }

  get samples(): number {
    return this.#chosen.length;
  }

  /** Samples that there would be without a limit. */
  get rows(): number {
    return this.#chosen.length < this.#limited ? this.#chosen.length : this.#files.names.length;
  }

  /** Of all files, limited or not, left out or not. */
  get files(): number {
    return this.#files.names.length;
  }

  get isSlowOutOfOrder(): boolean {
    return this.#files.isSlowOutOfOrder ?? false;
  }

  nameOf(sample: number): string {
    return this.#files.names[this.#chosen[sample]];
  }

  /** @throws AppError `bad-data` naming the file */
  async decode(sample: number, how: Decoding): Promise<Picture> {
    const file = this.#chosen[sample];
    return decodeImage(await this.#files.read(file), this.#files.names[file], how);
  }

  /** Decodes everything once and leaves out what cannot be. */
  async leaveOutBad(hooks: {
    progress(done: number, total: number): void;
    checkpoint(): Promise<void>;
  }): Promise<SkippedSample[]> {
    const bad: SkippedSample[] = [];
    const total = this.samples;
    for (let first = 0; first < total; first += sideBySide) {
      const part = Array.from({ length: Math.min(sideBySide, total - first) }, (_, at) => first + at);
      const reasons = await Promise.all(
        part.map((sample) =>
          this.decode(sample, {}).then(
            () => null,
            (error: unknown) => reasonOf(error),
          ),
        ),
      );
      reasons.forEach((reason, at) => {
        if (reason !== null) bad.push({ name: this.nameOf(first + at), reason });
      });
      hooks.progress(first + part.length, total);
      await hooks.checkpoint();
    }
    const names = new Set(bad.map(({ name }) => name));
    this.#chosen = this.#chosen.filter((file) => !names.has(this.#files.names[file]));
    if (this.samples === 0)
      throw new AppError('bad-data', `No image of ${this.label} can be read. ${bad[0].reason}`);
    return bad;
  }

  close(): void {
    this.#files.close();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AppError && error.code === 'bad-data') return error.message;
  throw error;
}

const remedy = 'Repair or remove it, or leave such images out with data.onError: skip.';

/** A bad file's error, with what can be done about it, said once. */
export function withRemedy(error: unknown): AppError {
  const plain = toPlainError(error);
  const isOfFile = plain.code === 'bad-data' && 'file' in plain.details;
  if (!isOfFile || plain.message.endsWith(remedy)) return fromPlainError(plain);
  return fromPlainError({ ...plain, message: `${plain.message} ${remedy}` });
}
