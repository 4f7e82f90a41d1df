import { runtime } from '../capture/runtime.ts';
import { loadBlas, type Blas } from './blas.ts';
import { openProduct } from './product-model.ts';

/**
 * Adds A A^T to a symmetric matrix; A is float32 [rows x columns], row-major with the given row stride. It may run on
 * another thread: neither array is touched until it resolves, and products into one matrix are chained.
 */
export interface SymmetricProduct {
  /** As shown to people and stored with results. */
  title: string;
  /** The upper triangle (row <= column) of `into` [rows x rows] grows by A A^T; the rest is left undefined. */
  add(rows: number, columns: number, data: Float32Array, stride: number, into: Float32Array): Promise<void>;
  /** `into` [rows x others], with row stride `intoStride`, grows by A B^T; B is [others x columns] with A's stride. */
  cross(
    rows: number,
    others: number,
    columns: number,
    a: Float32Array,
    b: Float32Array,
    stride: number,
    into: Float32Array,
    intoStride: number,
  ): Promise<void>;
}

/** Matrices from this many rows on are multiplied by all threads; smaller ones by one thread each, side by side. */
const wideRows = 1024;

/** The system's BLAS where there is one, else onnxruntime's own products, which are always there. */
export async function chooseSymmetricProduct(threads: number, widest: number): Promise<SymmetricProduct> {
  const blas = loadBlas();
  return blas ? blasProduct(blas, widest >= wideRows ? threads : 1) : runtimeProduct(threads);
}

export function blasProduct(blas: Blas, threads: number): SymmetricProduct {
  blas.setThreads(threads);
  return {
    title: blas.title,
    add: (rows, columns, data, stride, into) => blas.ssyrk(rows, columns, data, stride, 1, into, rows),
    cross: (rows, others, columns, a, b, stride, into, intoStride) =>
      blas.sgemm(rows, others, columns, a, b, stride, into, intoStride),
  };
}

/** Y = A B^T as one Gemm node; a matrix is copied where its rows are not contiguous. */
export async function runtimeProduct(threads: number): Promise<SymmetricProduct> {
  const session = await openProduct('float32', 'A B^T', threads);
  const { Tensor } = runtime();
  const tensor = (rows: number, columns: number, data: Float32Array, stride: number) => {
    const packed =
      stride === columns ? data.subarray(0, rows * columns) : compact(rows, columns, data, stride);
    return new Tensor('float32', packed, [rows, columns]);
  };
  return {
    title: 'onnxruntime products',
    async add(rows, columns, data, stride, into) {
      const A = tensor(rows, columns, data, stride);
      const { Y } = await session.run({ A, B: A });
      const product = Y.data as Float32Array;
      for (let index = 0; index < product.length; index++) into[index] += product[index];
    },
    async cross(rows, others, columns, a, b, stride, into, intoStride) {
      const { Y } = await session.run({
        A: tensor(rows, columns, a, stride),
        B: tensor(others, columns, b, stride),
      });
      const product = Y.data as Float32Array;
      for (let row = 0; row < rows; row++) {
        for (let col = 0; col < others; col++) into[row * intoStride + col] += product[row * others + col];
      }
    },
  };
}

function compact(rows: number, columns: number, data: Float32Array, stride: number): Float32Array {
  const packed = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    packed.set(data.subarray(row * stride, row * stride + columns), row * columns);
  }
  return packed;
}
