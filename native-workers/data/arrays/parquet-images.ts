import type { Compressors, FileMetaData, SchemaTree } from 'hyparquet';
import { AppError } from '#core/errors.ts';
import { badImage, mostEncodedBytes, rowName, type ImageFiles } from '../images/image-files.ts';
import { labelOf } from './array-container.ts';
import { cappedCompressors, guard } from './parquet-library.ts';
import { PageFile, type DataPage } from './parquet-pages.ts';

/** Unpacked pages that are kept, so that a column read in order unpacks each once. */
const keptBytes = 64 * 2 ** 20;
/** Pages up to this size are unpacked about as fast as one picture is decoded: rows may be read in any order. */
const quickBytes = 4 * 2 ** 20;

/**
 * The physical column that may hold encoded images: a plain binary column, or `bytes` of a struct, as Hugging Face's
 * datasets stores the feature Image(); null where the column is another.
 */
export function imageColumnOf(child: SchemaTree): string[] | null {
  if (isBinary(child)) return [child.element.name];
  if (child.element.repetition_type === 'REPEATED') return null;
  const bytes = child.children.find(({ element }) => element.name === 'bytes');
  return bytes && isBinary(bytes) ? [child.element.name, 'bytes'] : null;
}

function isBinary({ element, children }: SchemaTree): boolean {
  const { type, converted_type: converted, logical_type: logical, repetition_type: repetition } = element;
  const isPlain = converted === undefined && logical === undefined;
  return type === 'BYTE_ARRAY' && isPlain && children.length === 0 && repetition !== 'REPEATED';
}

/** The images of one column of a table, opened to be read row by row. */
export async function parquetImages(
  path: string,
  fileName: string,
  leaf: readonly string[],
  metadata: FileMetaData,
): Promise<ImageFiles> {
  const label = labelOf(fileName, leaf[0]);
  const file = new PageFile(path, label);
  try {
    const pages = await guard(`${label} cannot be read`, () => file.pages(leaf, metadata));
    const reader = new PageReader(file, label, leaf, metadata, await cappedCompressors(label));
    const total = pages.reduce((sum, { unpacked }) => sum + unpacked, 0);
    const isQuick = total <= keptBytes || pages.every(({ unpacked }) => unpacked <= quickBytes);
    const absent =
      leaf.length > 1
        ? 'has no bytes (null); paths beside them are not followed: save the pictures in the table.'
        : 'has no image (null).';
    return {
      label,
      names: Array.from({ length: Number(metadata.num_rows) }, (_, row) => rowName(row, fileName)),
      ignored: [],
      isSlowOutOfOrder: !isQuick,
      close: () => file.close(),
      async read(row) {
        const value = await reader.value(pages[pageOf(pages, row)], row);
        const name = rowName(row, fileName);
        if (value === null) throw badImage(name, absent);
        if (value.length > mostEncodedBytes)
          throw badImage(name, 'is larger than 256 MiB; it is no picture.');
        return value;
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Number of the page that holds a row. */
function pageOf(pages: readonly DataPage[], row: number): number {
  let [low, high] = [0, pages.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pages[middle].first <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

type Value = Uint8Array | null;

class PageReader {
  readonly #kept = new Map<DataPage, Value[]>();
  readonly #file: PageFile;
  readonly #label: string;
  readonly #leaf: readonly string[];
  readonly #metadata: FileMetaData;
  readonly #compressors: Compressors;

  constructor(
    file: PageFile,
    label: string,
    leaf: readonly string[],
    metadata: FileMetaData,
    compressors: Compressors,
  ) {
    this.#file = file;
    this.#label = label;
    this.#leaf = leaf;
    this.#metadata = metadata;
    this.#compressors = compressors;
  }

  async value(page: DataPage, row: number): Promise<Value> {
    const known = this.#kept.get(page);
    const values = known ?? (await guard(`${this.#label} cannot be read`, () => this.#unpack(page)));
    // Last used last.
    this.#kept.delete(page);
    this.#kept.set(page, values);
    let kept = [...this.#kept.keys()].reduce((sum, { unpacked }) => sum + unpacked, 0);
    for (const oldest of this.#kept.keys()) {
      if (kept <= keptBytes || oldest === page) break;
      kept -= oldest.unpacked;
      this.#kept.delete(oldest);
    }
    return values[row - page.first];
  }

  async #unpack({ at, bytes, rows, dictionary, chunk }: DataPage): Promise<Value[]> {
    const [{ readColumn }, { getSchemaPath }, { DEFAULT_PARSERS }] = await Promise.all([
      import('hyparquet/src/column.js'),
      import('hyparquet/src/schema.js'),
      import('hyparquet/src/convert.js'),
    ]);
    const shared = dictionary ? this.#file.bytes(dictionary.at, dictionary.bytes) : new Uint8Array(0);
    const whole = new Uint8Array(shared.length + bytes);
    whole.set(shared);
    const own = this.#file.bytes(at, bytes);
    if (own.length < bytes) throw new Error('the file ends before a part of it');
    whole.set(own, shared.length);
    const schemaPath = getSchemaPath(this.#metadata.schema, [...this.#leaf]);
    const { element } = schemaPath[schemaPath.length - 1];
    const { data } = readColumn(
      { view: new DataView(whole.buffer), offset: 0 },
      { groupStart: 0, groupRows: rows, selectStart: 0, selectEnd: rows },
      {
        ...chunk,
        ...{ pathInSchema: [...this.#leaf], element, schemaPath, utf8: false },
        ...{ compressors: this.#compressors, parsers: DEFAULT_PARSERS },
      },
    );
    const values = data.flatMap((part) => Array.from(part as ArrayLike<unknown>, (value) => bytesOf(value)));
    if (values.length !== rows)
      throw new AppError(
        'bad-data',
        `${this.#label} has a page of ${values.length} rows that promises ${rows}; it is damaged.`,
      );
    return values;
  }
}

/** A value lies in as many lists as its column has optional ancestors; absent ones are empty or null. */
function bytesOf(value: unknown): Value {
  let inner = value;
  while (Array.isArray(inner)) [inner] = inner as unknown[];
  return inner instanceof Uint8Array ? inner : null;
}
