import { closeSync, openSync, readSync } from 'node:fs';
import type { ColumnMetaData, FileMetaData } from 'hyparquet';
import { AppError } from '#core/errors.ts';
import { mostGroupBytes } from './parquet-library.ts';

/** Where bytes of a column lie in the file, a page's header among them. */
interface Span {
  at: number;
  bytes: number;
}

/** One data page of a column without lists: so many rows from `first` on. */
export interface DataPage extends Span {
  first: number;
  rows: number;
  /** Once unpacked. */
  unpacked: number;
  /** Values that the page may point at. */
  dictionary: Span | null;
  chunk: ColumnMetaData;
}

/** A header is a few dozen bytes, and may hold the least and the largest value of its page. */
const headerWindows = [1 << 10, 1 << 16, 1 << 22];

/** A file that stays open while its pages are read. */
export class PageFile {
  readonly #file: number;
  readonly #label: string;

  /** @param label file and column, for messages */
  constructor(path: string, label: string) {
    this.#file = openSync(path, 'r');
    this.#label = label;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Fewer bytes than asked for only at the end of the file. */
  bytes(at: number, count: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(count);
    let done = 0;
    for (let part = -1; part !== 0 && done < count; done += part)
      part = readSync(this.#file, bytes, done, count - done, at + done);
    return bytes.subarray(0, done);
  }

  /**
   * The data pages of a column, found by their headers: single rows are then read without unpacking a row group, which
   * may hold the whole table.
   *
   * @throws AppError where pages and metadata contradict each other, or a page is too large to be unpacked
   */
  async pages(leaf: readonly string[], { row_groups: groups }: FileMetaData): Promise<DataPage[]> {
    const pages: DataPage[] = [];
    let first = 0;
    for (const group of groups) {
      const rows = Number(group.num_rows);
      const meta = group.columns.find(
        ({ meta_data: candidate }) => candidate?.path_in_schema.join('\0') === leaf.join('\0'),
      )?.meta_data;
      if (!meta) throw this.#damaged('a row group has no such column');
      await this.#pagesOf(meta, first, rows, pages);
      first += rows;
    }
    return pages;
  }

  async #pagesOf(chunk: ColumnMetaData, first: number, rows: number, pages: DataPage[]): Promise<void> {
    let at = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
    const end = at + Number(chunk.total_compressed_size);
    let dictionary: Span | null = null;
    let next = first;
    while (next < first + rows) {
      if (!Number.isSafeInteger(end) || at >= end)
        throw this.#damaged('its pages hold fewer rows than promised');
      const { header, bytes: headerBytes } = await this.#headerAt(at, end);
      const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
      const span = { at, bytes: headerBytes + packed };
      if (!(packed >= 0) || at + span.bytes > end) throw this.#damaged('a page lies outside of its column');
      if (Math.max(packed, unpacked) > mostGroupBytes)
        throw new AppError(
          'not-available',
          `${this.#label} has pages of ${Math.max(packed, unpacked)} bytes, up to ${mostGroupBytes} are read; write it with a smaller row_group_size.`,
        );
      at += span.bytes;
      if (header.type === 'DICTIONARY_PAGE') dictionary = span;
      if (header.type !== 'DATA_PAGE' && header.type !== 'DATA_PAGE_V2') continue;
      const count = header.data_page_header?.num_values ?? header.data_page_header_v2?.num_rows ?? 0;
      if (!(count > 0) || next + count > first + rows)
        throw this.#damaged('its pages hold other rows than promised');
      pages.push({ ...span, first: next, rows: count, unpacked, dictionary, chunk });
      next += count;
    }
  }

  async #headerAt(at: number, end: number) {
    const { parquetHeader } = await import('hyparquet/src/column.js');
    for (const window of headerWindows) {
      const bytes = this.bytes(at, Math.min(window, end - at));
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
      try {
        return { header: parquetHeader(reader), bytes: reader.offset };
      } catch {
        if (bytes.length < window) break;
      }
    }
    throw this.#damaged('a page has no header that can be read');
  }

  #damaged(what: string): AppError {
    return new AppError('bad-data', `${this.#label} cannot be read: ${what}; it is damaged: copy it again.`);
  }
}
