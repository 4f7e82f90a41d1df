import { closeSync, openSync, readSync } from 'node:fs';

/** Fields of ONNX messages that lead to the places of external data, by the kind of message. */
const ways: Record<string, Record<number, string>> = {
  model: { 7: 'graph', 25: 'function' },
  function: { 7: 'node' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  tensor: { 13: 'entry' },
};
const deepest = 64;
const longestText = 4096;

/**
 * Names of the files that an ONNX model says its weights are in, as written in it. The file is walked by its fields'
 * lengths, so weights inside it are passed over unread. What is no ONNX file names none: the engine says what is wrong.
 */
export function weightFilesOf(modelPath: string): string[] {
  const file = new Fields(modelPath);
  try {
    const names = new Set<string>();
    walk(file, 'model', 0, Number.POSITIVE_INFINITY, names, 0);
    return [...names].filter((name) => !name.split(/[\\/]/).includes('..')).sort();
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  } finally {
    file.close();
  }
}

function walk(file: Fields, kind: string, from: number, to: number, names: Set<string>, depth: number): void {
  if (depth > deepest) throw new RangeError('nested too deeply');
  file.at = from;
  while (file.at < to && !file.isAtEnd()) {
    const tag = file.varint();
    const wire = tag % 8;
    if (wire !== 2) {
      file.skip(wire);
      continue;
    }
    const length = file.varint();
    const start = file.at;
    const inner = ways[kind]?.[Math.floor(tag / 8)];
    if (inner === 'entry') takeLocation(file.text(start, Math.min(length, longestText)), names);
    else if (inner) walk(file, inner, start, start + length, names, depth + 1);
    file.at = start + length;
  }
}

/** `key` and `value` of one entry, each preceded by its tag and its length. */
function takeLocation(entry: Buffer, names: Set<string>): void {
  const parts: Record<number, string> = {};
  for (let at = 0; at + 1 < entry.length;) {
    const field = entry[at] >> 3;
    let [length, shift] = [0, 0];
    do {
      at += 1;
      length |= (entry[at] & 127) << shift;
      shift += 7;
    } while (entry[at] > 127 && at < entry.length);
    parts[field] = entry.toString('utf8', at + 1, at + 1 + length);
    at += 1 + length;
  }
  if (parts[1] === 'location' && parts[2]) names.add(parts[2]);
}

/** Reads a protobuf file a piece at a time, from wherever it is put. */
class Fields {
  at = 0;
  readonly #file: number;
  readonly #piece = Buffer.alloc(1 << 16);
  #start = 0;
  #length = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'r');
  }

  close(): void {
    closeSync(this.#file);
  }

  isAtEnd(): boolean {
    return !this.#has(this.at);
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 63; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new RangeError('no varint');
  }

  skip(wire: number): void {
    if (wire === 0) this.varint();
    else if (wire === 1 || wire === 5) this.at += wire === 1 ? 8 : 4;
    else throw new RangeError('no protobuf');
  }

  text(start: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(this.#file, bytes, 0, length, start));
  }

  #byte(): number {
    if (!this.#has(this.at)) throw new RangeError('cut off');
    return this.#piece[this.at++ - this.#start];
  }

  #has(at: number): boolean {
    if (at >= this.#start && at < this.#start + this.#length) return true;
    if (!Number.isSafeInteger(at)) return false;
    this.#start = at;
    this.#length = readSync(this.#file, this.#piece, 0, this.#piece.length, at);
    return this.#length > 0;
  }
}
