import type { DenseArithmetic, DenseLoops } from '#core/numeric/linear-algebra/dense-arithmetic.ts';
import { denseKernelWasm } from './dense-kernel.wasm.ts';

/** The kernel's functions, arrays by their address in bytes: see dense-kernel.as.ts. */
interface DenseKernel {
  scratchBytes(): number;
  multiplyAdd(
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    lda: number,
    isTransposedA: number,
    b: number,
    ldb: number,
    isTransposedB: number,
    c: number,
    ldc: number,
    scratch: number,
  ): void;
  symmetricTimes(n: number, a: number, lda: number, x: number, y: number): void;
  rowsTimes(rows: number, columns: number, a: number, lda: number, x: number, y: number): void;
  addRows(rows: number, columns: number, a: number, lda: number, x: number, y: number): void;
}

const pageBytes = 65536;
const alignment = 64;
const mostBytes = 4 * 2 ** 30 - pageBytes;
/** What arrays lose to alignment, at most. */
const slackBytes = 64 * alignment;
/** A memory of up to this size is kept for the next call, so that small decompositions cost no new one. */
const keptBytes = 64 * 2 ** 20;

/**
 * The loops of dense linear algebra in WebAssembly SIMD, or null where this machine's WebAssembly has none. A thread
 * keeps one instance of at most 64 MiB; larger problems get a memory of their own, which the next ones share, grown
 * where it is too small, until the garbage collector takes it: two are never there at once. Problems of more than 4 GiB
 * get none.
 */
export function simdArithmetic(): DenseArithmetic | null {
  const module = compiled();
  if (!module) return null;
  let kept: Instance | null = null;
  let large: WeakRef<Instance> | null = null;
  return {
    open(values) {
      const needed = 8 * values + slackBytes;
      if (needed > mostBytes - 2 * 2 ** 20) return null;
      if (kept && kept.freeBytes() >= needed) return kept.loops();
      const last = needed > keptBytes ? large?.deref() : null;
      if (last) return last.grow(needed) ? last.loops() : null;
      // Half as much again, so that slowly growing problems do not each take a new memory.
      const instance = instantiate(module, needed < keptBytes / 2 ? 1.5 * needed : needed);
      if (!instance) return null;
      if (needed <= keptBytes) kept = instance;
      else large = new WeakRef(instance);
      return instance.loops();
    },
  };
}

function compiled(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(Buffer.from(denseKernelWasm, 'base64'));
  } catch {
    // No SIMD here: the plain loops.
    return null;
  }
}

interface Instance {
  freeBytes(): number;
  /** Makes room for so many bytes; false where the machine has none. */
  grow(bytes: number): boolean;
  loops(): DenseLoops;
}

function instantiate(module: WebAssembly.Module, bytes: number): Instance | null {
  const memory = newMemory(bytes + 2 * 2 ** 20);
  if (!memory) return null;
  const abort = () => {
    throw new Error('A kernel stopped.');
  };
  const kernel = new WebAssembly.Instance(module, { env: { memory, abort } })
    .exports as unknown as DenseKernel;
  const scratch = alignment;
  const first = aligned(scratch + kernel.scratchBytes());
  const freeBytes = () => memory.buffer.byteLength - first;
  return {
    freeBytes,
    grow: (needed) => freeBytes() >= needed || canGrow(memory, needed - freeBytes()),
    loops: () => loopsIn(memory, kernel, scratch, first),
  };
}

function canGrow(memory: WebAssembly.Memory, bytes: number): boolean {
  try {
    memory.grow(Math.ceil(bytes / pageBytes));
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Null where the machine has no such stretch of memory. */
function newMemory(bytes: number): WebAssembly.Memory | null {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function loopsIn(
  memory: WebAssembly.Memory,
  kernel: DenseKernel,
  scratch: number,
  first: number,
): DenseLoops {
  let next = first;
  return {
    float64(length) {
      const array = new Float64Array(memory.buffer, next, length).fill(0);
      next = aligned(next + 8 * length);
      return array;
    },
    multiplyAdd(m, n, k, alpha, a, b, c) {
      const [left, right] = [a.values.byteOffset, b.values.byteOffset];
      const [flagA, flagB] = [a.isTransposed ? 1 : 0, b.isTransposed ? 1 : 0];
      const into = c.values.byteOffset;
      kernel.multiplyAdd(m, n, k, alpha, left, a.ld, flagA, right, b.ld, flagB, into, c.ld, scratch);
    },
    symmetricTimes: (n, a, x, y) =>
      kernel.symmetricTimes(n, a.values.byteOffset, a.ld, x.byteOffset, y.byteOffset),
    rowsTimes: (rows, columns, a, x, y) =>
      kernel.rowsTimes(rows, columns, a.values.byteOffset, a.ld, x.byteOffset, y.byteOffset),
    addRows: (rows, columns, a, x, y) =>
      kernel.addRows(rows, columns, a.values.byteOffset, a.ld, x.byteOffset, y.byteOffset),
  };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
