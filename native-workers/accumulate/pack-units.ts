import { AppError } from '#core/errors.ts';
import { packUnitsWasm } from './pack-units.wasm.ts';

/** The kernel's arguments, all addresses in bytes: see pack-units.as.ts. */
type PackUnits = (
  source: number,
  packed: number,
  images: number,
  units: number,
  positions: number,
  columns: number,
  columnOfImage: number,
  foldOfImage: number,
  shift: number,
  accumulators: number,
  imageMaximum: number,
  mask: number,
) => void;

const pageBytes = 65536;
const alignment = 64;
const maximumBytes = 4 * 2 ** 30 - pageBytes;

/**
 * WebAssembly memory that inference writes its activations to and BLAS reads the packed matrix from, without a copy
 * in between. Allocate everything, then `freeze`, then take views: growing memory detaches earlier views.
 */
export class KernelMemory {
  #next = 1024;
  #frozen = false;
  readonly #memory = new WebAssembly.Memory({ initial: 1, maximum: 65535 });
  #pack: PackUnits | undefined;

  /** Reserves bytes and returns their address. */
  reserve(bytes: number): number {
    if (this.#frozen) throw new Error('Kernel memory is frozen.');
    const address = this.#next;
    this.#next = Math.ceil((address + bytes) / alignment) * alignment;
    if (this.#next > maximumBytes) {
      throw new AppError(
        'not-available',
        'One batch of activations and the products of all compared units need more than 4 GiB; use a smaller batch ' +
          '(recipe key batch), or compare fewer layers or networks at once.',
      );
    }
    return address;
  }

  /** Bytes that can still be reserved. */
  get left(): number {
    return maximumBytes - this.#next;
  }

  freeze(): void {
    this.#frozen = true;
    const pages = Math.ceil(this.#next / pageBytes);
    const have = this.#memory.buffer.byteLength / pageBytes;
    if (pages > have) this.#memory.grow(pages - have);
    this.#pack = this.kernel(packUnitsWasm).packUnits as PackUnits;
  }

  /** The functions of a kernel that works in this memory. */
  kernel(wasm: string): Record<string, unknown> {
    const module = new WebAssembly.Module(Buffer.from(wasm, 'base64'));
    const abort = () => {
      throw new Error('A kernel stopped.');
    };
    return new WebAssembly.Instance(module, { env: { memory: this.#memory, abort } }).exports;
  }

  get packUnits(): PackUnits {
    if (!this.#pack) throw new Error('Kernel memory is not frozen yet.');
    return this.#pack;
  }

  owns(buffer: ArrayBuffer): boolean {
    return buffer === this.#memory.buffer;
  }

  float32(address: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#memory.buffer, address, count);
  }

  float64(address: number, count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#memory.buffer, address, count);
  }

  uint8(address: number, count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer, address, count);
  }

  int32(address: number, count: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#memory.buffer, address, count);
  }
}
