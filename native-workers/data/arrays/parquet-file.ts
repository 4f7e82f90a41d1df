import type { FileMetaData, SchemaTree } from 'hyparquet';
import { AppError } from '#core/errors.ts';
import type { ImageFiles } from '../images/image-files.ts';
import {
  labelOf,
  refusedKey,
  type ArrayBytes,
  type ArrayContainer,
  type ArrayMember,
} from './array-container.ts';
import { dtypeBytes, headerOf, type ArrayDtype, type ArrayHeader } from './array-header.ts';
import { readStart } from './file-bytes.ts';
import { imageColumnOf, parquetImages } from './parquet-images.ts';
import { cappedCompressors, fileBuffer, guard, mostGroupBytes } from './parquet-library.ts';
import { rowsAsBytes } from './row-bytes.ts';
import { requireTextsFit } from './texts.ts';

/** Name of the array of all plain numeric columns side by side. */
const allColumns = 'all columns';
const mostColumns = 10_000;
const mostFooterBytes = 64 * 2 ** 20;

interface Column {
  name: string;
  dtype: ArrayDtype;
  /** Whether a row holds a list of numbers. */
  isList: boolean;
}

/** A Parquet table: every column of numbers is an array [N], a column of equally long lists [N, ...]. */
export function parquetContainer(path: string, fileName: string, size: number): Promise<ArrayContainer> {
  return guard(`${fileName} cannot be read as Parquet`, async () => {
    const { parquetSchema } = await import('hyparquet');
    const reader = await TableReader.open(path, fileName, size);
    const { children } = parquetSchema(reader.metadata);
    if (children.length > mostColumns)
      throw new AppError(
        'bad-data',
        `${fileName} has ${children.length} columns; up to ${mostColumns} are read.`,
      );
    const members: ArrayMember[] = [];
    for (const child of children) members.push(await columnMember(child, reader));
    members.push(...tableMember(children, reader));
    if (members.length === 0) throw new AppError('bad-data', `${fileName} has no columns.`);
    return { fileName, members };
  });
}

async function columnMember(child: SchemaTree, reader: TableReader): Promise<ArrayMember> {
  const { name } = child.element;
  const { fileName, rows } = reader;
  const refused = refusedKey(name, fileName);
  if (refused) return { key: JSON.stringify(name.slice(0, 60)), header: refused };
  const label = labelOf(fileName, name);
  if (isText(child)) {
    const words = `${label} is a column of texts; columns of numbers, of lists of numbers and of encoded images are read.`;
    const read = () => reader.texts(name);
    return { key: name, header: new AppError('bad-data', words), texts: { count: rows, read } };
  }
  const leaf = imageColumnOf(child);
  if (leaf) {
    const words = `${label} is a column of bytes, not of numbers; encoded images are read from it as data.images.`;
    return {
      key: name,
      header: new AppError('bad-data', words),
      images: { count: rows, open: () => reader.images(leaf) },
    };
  }
  try {
    const column = columnOf(child);
    if (!column)
      throw new AppError(
        'bad-data',
        `${label} is a column of another kind; columns of numbers, of lists of numbers and of encoded images are read.`,
      );
    const inner = column.isList && rows > 0 ? await reader.shapeOfFirst(column) : [];
    const header = headerOf(column.dtype, [rows, ...inner], label);
    return { key: name, header, bytes: () => reader.bytes([column], header) };
  } catch (error) {
    if (error instanceof AppError) return { key: name, header: error };
    throw error;
  }
}

/** All plain numeric columns side by side [N, columns], where there are several. */
function tableMember(children: SchemaTree[], reader: TableReader): ArrayMember[] {
  const columns = children.flatMap((child) => columnOf(child) ?? []).filter(({ isList }) => !isList);
  if (columns.length < 2) return [];
  const dtype = columns.every((column) => column.dtype === columns[0].dtype) ? columns[0].dtype : 'float64';
  const header = headerOf(dtype, [reader.rows, columns.length], labelOf(reader.fileName, allColumns));
  return [{ key: allColumns, header, bytes: () => reader.bytes(columns, header) }];
}

function isText({ element }: SchemaTree): boolean {
  return (
    element.type === 'BYTE_ARRAY' &&
    (element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING')
  );
}

function columnOf(child: SchemaTree): Column | null {
  const { name } = child.element;
  let leaf = child;
  while (leaf.children.length === 1) [leaf] = leaf.children;
  const dtype = leaf.children.length === 0 ? dtypeOf(leaf) : undefined;
  if (!dtype) return null;
  return { name, dtype, isList: leaf !== child || child.element.repetition_type === 'REPEATED' };
}

function dtypeOf({ element }: SchemaTree): ArrayDtype | undefined {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (logical?.type === 'FLOAT16') return 'float16';
  // Dates, times and decimals are numbers of something else.
  const isPlain = converted === undefined || /^U?INT_/.test(converted);
  const isInteger = logical === undefined || logical.type === 'INTEGER';
  if (!isPlain || !isInteger) return undefined;
  const small = /^(U?)INT_(\d+)$/.exec(converted ?? '');
  if (type === 'INT32' || type === 'INT64') {
    const bits = small?.[2] ?? (type === 'INT32' ? '32' : '64');
    return `${small?.[1] ? 'uint' : 'int'}${bits}` as ArrayDtype;
  }
  if (type === 'FLOAT') return 'float32';
  if (type === 'DOUBLE') return 'float64';
  return type === 'BOOLEAN' ? 'bool' : undefined;
}

/** Reads columns of one table, a row group at a time. */
class TableReader {
  readonly fileName: string;
  readonly metadata: FileMetaData;
  readonly rows: number;
  readonly #path: string;
  readonly #size: number;

  static async open(path: string, fileName: string, size: number): Promise<TableReader> {
    const { parquetMetadataAsync } = await import('hyparquet');
    const file = fileBuffer(path, size);
    const end = readStart(path, 8, size - 8);
    if (end.toString('latin1', 4) !== 'PAR1')
      throw new AppError(
        'bad-data',
        `${fileName} is cut off: a Parquet file ends as it begins; copy it again.`,
      );
    const footer = end.readUInt32LE(0);
    if (footer > mostFooterBytes || footer + 12 > size)
      throw new AppError(
        'bad-data',
        `${fileName} has a footer of ${footer} bytes, which it cannot hold; it is damaged.`,
      );
    const metadata = await parquetMetadataAsync(file);
    return new TableReader(path, fileName, size, metadata);
  }

  private constructor(path: string, fileName: string, size: number, metadata: FileMetaData) {
    this.#path = path;
    this.fileName = fileName;
    this.#size = size;
    this.metadata = metadata;
    this.rows = Number(metadata.num_rows);
    const groups = metadata.row_groups.map((group) => Number(group.num_rows));
    const isCounted =
      groups.every((count) => count >= 0) && groups.reduce((sum, count) => sum + count, 0) === this.rows;
    if (!Number.isSafeInteger(this.rows) || this.rows < 0 || !isCounted)
      throw new AppError(
        'bad-data',
        `${fileName} promises ${metadata.num_rows} rows, its row groups hold another number; it is damaged.`,
      );
  }

  /** Axes of the lists of a column, by its first row. */
  async shapeOfFirst(column: Column): Promise<number[]> {
    const [first] = await this.#column(column.name, 0, 1);
    return shapeOf(first);
  }

  bytes(columns: readonly Column[], header: ArrayHeader): ArrayBytes {
    const groups = this.metadata.row_groups.map((group) => Number(group.num_rows));
    const largest = Math.max(1, ...groups);
    let known: { first: number; rows: Uint8Array } | null = null;
    const size = header.count === 0 ? 0 : (header.count / header.shape[0]) * header.itemBytes;
    // Slabs may lie across row groups; each group is unpacked once when they are read in order.
    const readRows = async (first: number, count: number) => {
      const slab = new Uint8Array(count * size);
      for (let done = 0; done < count;) {
        const group = groupAt(groups, first + done);
        if (known?.first !== group.first)
          known = { first: group.first, rows: await this.#rows(columns, header, group.first, group.count) };
        const skipped = first + done - group.first;
        const part = known.rows.subarray(
          skipped * size,
          Math.min(group.count, skipped + count - done) * size,
        );
        slab.set(part, done * size);
        done += part.length / size;
      }
      return slab;
    };
    const { open: stream } = rowsAsBytes(header, readRows, largest);
    return { open: stream };
  }

  images(leaf: readonly string[]): Promise<ImageFiles> {
    return parquetImages(this.#path, this.fileName, leaf, this.metadata);
  }

  async texts(name: string): Promise<string[]> {
    const label = labelOf(this.fileName, name);
    requireTextsFit(
      this.rows,
      this.#groupBytes(name).reduce((sum, bytes) => sum + bytes, 0),
      label,
    );
    const texts: string[] = [];
    let first = 0;
    for (const group of this.metadata.row_groups) {
      const count = Number(group.num_rows);
      for (const value of await this.#column(name, first, first + count)) {
        if (typeof value !== 'string')
          throw new AppError('bad-data', `${label} has a row without text (${texts.length}); fill it in.`);
        texts.push(value);
      }
      first += count;
    }
    return texts;
  }

  async #rows(
    columns: readonly Column[],
    header: ArrayHeader,
    first: number,
    count: number,
  ): Promise<Uint8Array> {
    const perRow = header.count / header.shape[0];
    const bytes = new Uint8Array(count * perRow * header.itemBytes);
    const write = writerOf(header.dtype, bytes);
    for (const [index, column] of columns.entries()) {
      const label = labelOf(this.fileName, column.name);
      const values = await this.#column(column.name, first, first + count);
      if (values.length < count)
        throw new AppError('bad-data', `${label} ends before row ${first + count}; the file is damaged.`);
      for (let row = 0; row < count; row++) {
        const where = () => `${label}, row ${first + row},`;
        if (column.isList) writeList(values[row], header.shape.slice(1), row * perRow, write, where);
        else write(row * perRow + index, numberOf(values[row], where));
      }
    }
    return bytes;
  }

  #groupBytes(name: string): number[] {
    return this.metadata.row_groups.map((group) =>
      group.columns
        .filter(({ meta_data: meta }) => meta?.path_in_schema[0] === name)
        .reduce((sum, { meta_data: meta }) => sum + Number(meta?.total_uncompressed_size ?? 0), 0),
    );
  }

  async #column(name: string, rowStart: number, rowEnd: number): Promise<unknown[]> {
    const label = labelOf(this.fileName, name);
    const largest = Math.max(0, ...this.#groupBytes(name));
    if (largest > mostGroupBytes)
      throw new AppError(
        'not-available',
        `${label} has row groups of ${largest} bytes, up to ${mostGroupBytes} are read; write it with a smaller row_group_size.`,
      );
    const { parquetRead } = await import('hyparquet');
    const compressors = await cappedCompressors(label);
    return guard(`${label} cannot be read`, async () => {
      let rows: unknown[][] = [];
      await parquetRead({
        file: fileBuffer(this.#path, this.#size),
        metadata: this.metadata,
        columns: [name],
        rowStart,
        rowEnd,
        compressors,
        geoparquet: false,
        onComplete: (read) => (rows = read),
      });
      return rows.map(([value]) => value);
    });
  }
}

function groupAt(groups: readonly number[], row: number): { first: number; count: number } {
  let first = 0;
  for (const count of groups) {
    if (row < first + count) return { first, count };
    first += count;
  }
  throw new AppError('internal', `The table has no row ${row}.`);
}

function shapeOf(value: unknown): number[] {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return [];
  const list = value as ArrayLike<unknown>;
  return [list.length, ...(list.length > 0 ? shapeOf(list[0]) : [])];
}

function numberOf(value: unknown, where: () => string): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw new AppError('bad-data', `${where()} has no number (null); fill it in or leave it out.`);
}

function writeList(
  value: unknown,
  shape: readonly number[],
  at: number,
  write: (at: number, value: number | bigint) => void,
  where: () => string,
): void {
  if (shape.length === 0) {
    write(at, numberOf(value, where));
    return;
  }
  const list = value as ArrayLike<unknown> | null;
  if (list?.length !== shape[0])
    throw new AppError(
      'bad-data',
      `${where()} has a list of ${list?.length ?? 0} values where the first row has ${shape[0]}; all rows need as many.`,
    );
  const step = shape.slice(1).reduce((product, size) => product * size, 1);
  for (let index = 0; index < shape[0]; index++)
    writeList(list[index], shape.slice(1), at + index * step, write, where);
}

/** Writes values little-endian as the dtype asks. */
function writerOf(dtype: ArrayDtype, bytes: Uint8Array): (at: number, value: number | bigint) => void {
  const view = new DataView(bytes.buffer);
  const size = dtypeBytes[dtype];
  const setters: Record<string, (at: number, value: number | bigint) => void> = {
    bool: (at, value) => view.setUint8(at, Number(value)),
    uint8: (at, value) => view.setUint8(at, Number(value)),
    int8: (at, value) => view.setInt8(at, Number(value)),
    uint16: (at, value) => view.setUint16(at, Number(value), true),
    int16: (at, value) => view.setInt16(at, Number(value), true),
    uint32: (at, value) => view.setUint32(at, Number(value), true),
    int32: (at, value) => view.setInt32(at, Number(value), true),
    uint64: (at, value) => view.setBigUint64(at, BigInt(value), true),
    int64: (at, value) => view.setBigInt64(at, BigInt(value), true),
    float16: (at, value) => view.setFloat16(at, Number(value), true),
    float32: (at, value) => view.setFloat32(at, Number(value), true),
    float64: (at, value) => view.setFloat64(at, Number(value), true),
  };
  const set = setters[dtype];
  return (at, value) => set(at * size, value);
}
