import { createHash } from 'node:crypto';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/errors.ts';
import { providerNames, type ProviderName } from '#core/domain/provider.ts';
import type { ArrayFile, CapturedLayer, SecondSums } from '#core/ipc/engine.ts';
import type { SecondShardSummary, ShardSummary } from '#core/ipc/shard.ts';
import { writing } from '../app/write-file.ts';
import type { InputHashes } from '../jobs/job-keys.ts';
import type { KnownHash } from './hash-file.ts';

/**
 * A file that travels between machines: arrays as they lie in memory, then what they are, as JSON, then the length of
 * that (8 bytes, little-endian) and eight letters. A file that ends otherwise is not whole.
 */
const letters = 'CNSLSHD1';
const tailBytes = 16;
const mostHeaderBytes = 64 * 2 ** 20;

/** What all files of one job array agree on. */
export interface ShardOrigin {
  title: string;
  /** Versions of the software that the numbers depend on. */
  software: Record<string, string>;
  /** The capture that the shards make up. */
  captureKey: string;
  hashes: InputHashes;
  /** Hashes of files by path, size and time, so that they are not made again. */
  files: KnownHash[];
  recipeText: string;
  /** What was asked for, by the recipe or the command. */
  provider: ProviderName;
  /** Name of the recipe file, and the folder that its paths are relative to. */
  recipeFile: string;
  baseFolder: string;
}

/** What a second pass needs of the merged first one: means, and bin edges. */
export interface SecondStart {
  kind: 'start';
  origin: ShardOrigin;
  layers: CapturedLayer[];
  arrays: ArrayFile;
}

export type ShardFile = (
  | { kind: 'first'; summary: ShardSummary }
  | { kind: 'second'; summary: SecondShardSummary; wanted: SecondSums }
) & {
  origin: ShardOrigin;
  /** SHA-256 over the arrays' own. */
  contents: string;
};

const count = z.int().min(0);
const text = z.string();
const arraysSchema = z.array(
  z.looseObject({
    name: text,
    dtype: z.enum(['float64', 'float32', 'int32', 'uint8']),
    rows: count,
    cols: count,
    offset: count,
    bytes: count,
  }),
);
const originSchema = z.looseObject({
  title: text,
  software: z.record(text, text),
  captureKey: text,
  hashes: z.looseObject({ data: text, models: z.record(text, text) }),
  files: z.array(z.strictObject({ path: text, bytes: z.number(), mtimeMs: z.number(), sha256: text })),
  recipeText: text,
  provider: z.enum(providerNames),
  recipeFile: text,
  baseFolder: text,
});
const fileSchema = z.looseObject({ path: text, arrays: arraysSchema });
const passSchema = z.looseObject({
  shard: z.strictObject({ index: z.int().min(1), of: z.int().min(1) }),
  range: z.strictObject({ first: count, end: count }),
  images: count,
  orderHash: text,
  batch: count,
  arrays: fileSchema,
});
const layerSchema = z.looseObject({ name: text, units: z.array(count), positions: count });
const headerSchema = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('start'),
    origin: originSchema,
    layers: z.array(layerSchema),
    arrays: fileSchema,
  }),
  z.looseObject({
    kind: z.literal('first'),
    origin: originSchema,
    contents: text,
    summary: passSchema.extend({
      layers: z.array(
        layerSchema.extend({
          parts: z.array(count).min(1),
          folds: z.union([z.literal(1), z.literal(2)]),
          firstRun: count,
          runs: count,
          allRuns: z.int().min(1).max(10_000),
          shuffles: count,
          keptRows: count,
          firstKept: count,
        }),
      ),
    }),
  }),
  z.looseObject({
    kind: z.literal('second'),
    origin: originSchema,
    contents: text,
    summary: passSchema,
    wanted: z.looseObject({}),
  }),
]);

const itemBytes = { float64: 8, float32: 4, int32: 4, uint8: 1 };

/** Ends a file of arrays with its header and gives it its name: until then nobody takes it for a whole one. */
export async function finishFile(
  temporary: string,
  path: string,
  header: ShardFile | SecondStart,
): Promise<void> {
  await writing(path, async () => {
    const file = await open(temporary, 'a');
    try {
      const json = Buffer.from(JSON.stringify(header));
      const tail = Buffer.alloc(tailBytes);
      tail.writeBigUInt64LE(BigInt(json.length));
      tail.write(letters, 8, 'latin1');
      await file.writeFile(Buffer.concat([json, tail]));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  });
}

/** @throws AppError `not-found`, or `bad-data` for a file that is no shard or is not whole */
export async function readShard(path: string): Promise<ShardFile> {
  const header = await readHeader(path);
  if (header.kind !== 'start') return header;
  throw new AppError(
    'bad-request',
    `${basename(path)} is what second passes start from, not a shard; leave it out.`,
  );
}

/** @throws AppError as `readShard` */
export async function readSecondStart(path: string): Promise<SecondStart> {
  const header = await readHeader(path);
  if (header.kind === 'start') return header;
  throw new AppError(
    'bad-request',
    `--second ${basename(path)}: this is a shard; name the file that consilience merge --second wrote.`,
  );
}

async function readHeader(path: string): Promise<ShardFile | SecondStart> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new AppError(
      'not-found',
      `The shard ${path} does not exist or cannot be read; check the path.`,
      { path },
      error,
    );
  });
  try {
    return await parse(file, path);
  } finally {
    await file.close();
  }
}

async function parse(file: FileHandle, path: string): Promise<ShardFile | SecondStart> {
  const { size } = await file.stat();
  const tail = await bytesAt(file, Math.max(0, size - tailBytes), Math.min(tailBytes, size));
  if (tail.length < tailBytes || tail.toString('latin1', 8) !== letters)
    throw notWhole(path, 'it is no shard, or was cut off while it was copied');
  const length = Number(tail.readBigUInt64LE());
  if (length > Math.min(mostHeaderBytes, size - tailBytes)) throw notWhole(path, 'its header is damaged');
  const end = size - tailBytes - length;
  let value: unknown;
  try {
    value = JSON.parse((await bytesAt(file, end, length)).toString('utf8'));
  } catch {
    throw notWhole(path, 'its header is damaged');
  }
  const parsed = headerSchema.safeParse(value);
  if (!parsed.success) throw notWhole(path, 'its header is damaged, or of another version');
  const header = parsed.data as unknown as ShardFile | SecondStart;
  const arrays = header.kind === 'start' ? header.arrays : header.summary.arrays;
  for (const { name, dtype, rows, cols, offset, bytes } of arrays.arrays)
    if (bytes !== rows * cols * itemBytes[dtype] || offset + bytes > end)
      throw notWhole(path, `its array ${name} does not lie in it`);
  arrays.path = path;
  return header;
}

function notWhole(path: string, why: string): AppError {
  return new AppError('bad-data', `${path} cannot be used: ${why}. Make this shard again.`, { path });
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** What tells two shards of the same part apart. */
export function contentsOf({ arrays }: ArrayFile): string {
  const hash = createHash('sha256');
  for (const { name, sha256 } of arrays) hash.update(`${name}\0${sha256 ?? ''}\n`);
  return hash.digest('hex');
}

/** Copies some arrays of a file into a new one. */
export async function copyArrays(
  from: ArrayFile,
  isWanted: (name: string) => boolean,
  path: string,
): Promise<ArrayFile> {
  return writing(path, async () => {
    const source = await open(from.path, 'r');
    const target = await open(path, 'w');
    try {
      const arrays: ArrayFile['arrays'] = [];
      let offset = 0;
      for (const entry of from.arrays.filter(({ name }) => isWanted(name))) {
        const bytes = await bytesAt(source, entry.offset, entry.bytes);
        await target.write(bytes, 0, bytes.length, offset);
        arrays.push({ ...entry, offset });
        offset = Math.ceil((offset + bytes.length) / 8) * 8;
      }
      await target.truncate(offset);
      return { path, arrays };
    } finally {
      await source.close();
      await target.close();
    }
  });
}
