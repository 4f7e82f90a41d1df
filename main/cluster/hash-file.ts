import { readJson, writeJson } from '../app/json-file.ts';
import type { HashMemory } from '../jobs/file-hash.ts';

/** A file's SHA-256, valid while its size and modification time are unchanged. */
export interface KnownHash {
  path: string;
  bytes: number;
  mtimeMs: number;
  sha256: string;
}

/** Hashes of files in a JSON file that the shards of a job array share: what one has hashed, the others need not. */
export class HashFile implements HashMemory {
  readonly #path: string;
  readonly #known = new Map<string, KnownHash>();
  readonly #used: KnownHash[] = [];
  #isChanged = false;

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(path: string): Promise<HashFile> {
    const file = new HashFile(path);
    await file.#read();
    return file;
  }

  /** The hashes that were asked for, or made. */
  get used(): readonly KnownHash[] {
    return this.#used;
  }

  rememberedHash(path: string, bytes: number, mtimeMs: number): Promise<string | null> {
    const known = this.#known.get(path);
    if (known?.bytes !== bytes || known.mtimeMs !== mtimeMs) return Promise.resolve(null);
    this.#used.push(known);
    return Promise.resolve(known.sha256);
  }

  rememberHash(path: string, bytes: number, mtimeMs: number, sha256: string): Promise<void> {
    const entry = { path, bytes, mtimeMs, sha256 };
    this.#known.set(path, entry);
    this.#used.push(entry);
    this.#isChanged = true;
    return Promise.resolve();
  }

  /** Others may have written meanwhile: theirs are kept. A folder that cannot be written to costs only time. */
  async save(): Promise<void> {
    if (!this.#isChanged) return;
    await this.#read();
    await writeJson(this.#path, { files: [...this.#known.values()] }).catch(() => undefined);
  }

  async #read(): Promise<void> {
    const value = (await readJson(this.#path)) as { files?: unknown } | null;
    if (!Array.isArray(value?.files)) return;
    for (const entry of value.files as unknown[])
      if (isKnown(entry) && !this.#known.has(entry.path)) this.#known.set(entry.path, entry);
  }
}

function isKnown(value: unknown): value is KnownHash {
  const { path, bytes, mtimeMs, sha256 } = (value ?? {}) as Partial<Record<keyof KnownHash, unknown>>;
  return (
    typeof path === 'string' &&
    typeof bytes === 'number' &&
    typeof mtimeMs === 'number' &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}
