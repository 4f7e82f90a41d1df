import { createHash } from 'node:crypto';
import { AppError } from '#core/errors.ts';
import { listInWords, nearestNames } from '#core/text/nearest-names.ts';
import { labelOf, type ArrayContainer, type ArrayMember } from './arrays/array-container.ts';
import { sourceOf } from './array-source.ts';
import { valueReader } from './decode-samples.ts';
import { SampleStream } from './sample-stream.ts';

/** Names under which a file's sample ids are looked for where the recipe names none. */
const usualIdKeys = ['ids', 'sample_ids', 'keys'];
const mostIds = 2 ** 24;

/** The names of the samples of one file, in its order. */
export interface SampleIds {
  /** What they belong to: `the data digits.npz`, `Probe (probe.npz)`. */
  owner: string;
  key: string;
  ids: string[];
}

/**
 * The sample ids of a file: under the key that the recipe names, else under a usual one if that has one text or integer
 * a sample; null where there are none.
 */
export async function sampleIdsOf(
  container: ArrayContainer,
  { owner, key, samples }: { owner: string; key: string | undefined; samples: number },
): Promise<SampleIds | null> {
  const { fileName, members } = container;
  if (key !== undefined) {
    const member = members.find((candidate) => candidate.key === key);
    if (!member) {
      const near = nearestNames(
        key,
        members.map((candidate) => candidate.key),
      );
      const words = `${fileName} has no array "${key}" of sample ids; it holds ${listInWords(near, 'and')}.`;
      throw new AppError('bad-data', words, { nearest: near });
    }
    const count = countOf(member);
    if (count === null)
      throw new AppError(
        'bad-data',
        `${labelOf(fileName, key)} is no list of texts or integers, as sample ids are.`,
      );
    if (count !== samples)
      throw new AppError(
        'bad-data',
        `${labelOf(fileName, key)} has ${count} sample ids for ${samples} samples.`,
      );
    return { owner, key, ids: await read(container, member) };
  }
  const usual = members.find((member) => usualIdKeys.includes(member.key) && countOf(member) === samples);
  return usual ? { owner, key: usual.key, ids: await read(container, usual) } : null;
}

/** How many ids the array holds; null where it is no list of ids. */
function countOf({ header, texts }: ArrayMember): number | null {
  if (texts) return texts.count;
  if (header instanceof AppError || header.shape.length !== 1) return null;
  return /^u?int/.test(header.dtype) ? header.shape[0] : null;
}

async function read(container: ArrayContainer, member: ArrayMember): Promise<string[]> {
  if (member.texts) return member.texts.read();
  const source = await sourceOf(container, member.key, 'ids');
  const { header, label } = source;
  if (header.count > mostIds)
    throw new AppError(
      'not-available',
      `${label} has ${header.count} sample ids; up to ${mostIds} are compared.`,
    );
  const bytes = new Uint8Array(header.count * header.itemBytes);
  const stream = new SampleStream(source);
  await stream.fill(bytes);
  stream.close();
  if (header.itemBytes === 8) {
    // A number would round them.
    const view = new DataView(bytes.buffer);
    const one = (at: number) =>
      header.dtype === 'int64'
        ? view.getBigInt64(at, !header.bigEndian)
        : view.getBigUint64(at, !header.bigEndian);
    return Array.from({ length: header.count }, (_, index) => one(index * 8).toString());
  }
  const value = valueReader(header)(bytes);
  return Array.from({ length: header.count }, (_, index) => String(value(index)));
}

/**
 * Refuses files whose first `samples` samples are not the same ones in the same order, naming the first that differs.
 * Files without ids are taken to be in the order of the others.
 */
export function requireSameSamples(lists: readonly SampleIds[], samples: number): void {
  const [first, ...others] = lists;
  for (const other of others) {
    for (let row = 0; row < samples; row++) {
      if (first.ids[row] === other.ids[row]) continue;
      const elsewhere = other.ids.indexOf(first.ids[row]);
      const remedy =
        elsewhere >= 0
          ? `It is row ${elsewhere} there: sort both the same way.`
          : 'It is nowhere there: save both from the same samples.';
      throw new AppError(
        'bad-data',
        `${first.owner} and ${other.owner} are not of the same samples in the same order: row ${row} is ` +
          `${JSON.stringify(first.ids[row])} ("${first.key}") and ${JSON.stringify(other.ids[row])} ("${other.key}"). ${remedy}`,
        { row, a: first.ids[row], b: other.ids[row] },
      );
    }
  }
}

/** SHA-256 of the ids, each with its length before it. */
export function idsDigest(ids: readonly string[]): Buffer {
  const hash = createHash('sha256');
  for (const id of ids) hash.update(`${id.length}:${id}\n`);
  return hash.digest();
}
