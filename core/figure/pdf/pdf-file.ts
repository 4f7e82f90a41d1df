import { concat } from '../png-encode.ts';
import type { Deflate } from '../png-encode.ts';

/** Bytes of text whose characters are all below 256. */
export function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** A reference to an object: `3 0 R`. */
export type PdfReference = `${number} 0 R`;

/**
 * A PDF file as a list of numbered objects (ISO 32000-1, section 7.5), with a classic cross-reference table. Nothing in
 * it depends on the time, the machine or the order of anything but the calls.
 */
export class PdfFile {
  readonly #deflate: Deflate | undefined;
  readonly #objects: Uint8Array[] = [];

  constructor(deflate?: Deflate) {
    this.#deflate = deflate;
  }

  /** Number for an object that is written later with `put`. */
  reserve(): PdfReference {
    this.#objects.push(new Uint8Array(0));
    return `${this.#objects.length} 0 R`;
  }

  put(reference: PdfReference, body: string): PdfReference {
    this.#objects[parseInt(reference) - 1] = latin1(body);
    return reference;
  }

  add(body: string): PdfReference {
    return this.put(this.reserve(), body);
  }

  /** A stream; compressed where the file has a way to. `entries` are further lines of its dictionary. */
  addStream(data: Uint8Array, entries = ''): PdfReference {
    const packed = this.#deflate ? this.#deflate(data) : data;
    const filter = this.#deflate ? '/Filter /FlateDecode ' : '';
    const head = latin1(`<< ${entries}${filter}/Length ${packed.length} >>\nstream\n`);
    const reference = this.reserve();
    this.#objects[parseInt(reference) - 1] = concat([head, packed, latin1('\nendstream')]);
    return reference;
  }

  bytes(root: PdfReference, info: PdfReference): Uint8Array {
    const parts: Uint8Array[] = [latin1('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')];
    let length = parts[0].length;
    const offsets: number[] = [];
    const push = (part: Uint8Array): void => {
      parts.push(part);
      length += part.length;
    };
    this.#objects.forEach((body, at) => {
      offsets.push(length);
      push(latin1(`${at + 1} 0 obj\n`));
      push(body);
      push(latin1('\nendobj\n'));
    });
    const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
    const count = offsets.length + 1;
    push(
      latin1(
        `xref\n0 ${count}\n0000000000 65535 f \n${rows.join('')}` +
          `trailer\n<< /Size ${count} /Root ${root} /Info ${info} >>\nstartxref\n${length}\n%%EOF\n`,
      ),
    );
    return concat(parts);
  }
}

/** A text string: UTF-16BE in hexadecimal, so that every character is safe. */
export function pdfText(text: string): string {
  return `<FEFF${hex16(text)}>`;
}

/** Code units as four hexadecimal digits each. */
export function hex16(text: string): string {
  let hex = '';
  for (let at = 0; at < text.length; at++)
    hex += text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return hex;
}
