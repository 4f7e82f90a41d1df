/** Matrices from this many rows on are worth the library's own threads; smaller ones run beside other tasks. */
const dividedRows = 512;

/** Rows of the square matrices whose product takes as long. */
function productRows(m: number, k: number, n: number): number {
  return Math.cbrt(m * k * n);
}

/** Rows that tell how long a call takes, by its dimensions. */
const rowsOf = {
  multiply: productRows,
  gram: (m: number, n: number) => productRows(n, m, n),
  symmetricEigen: (n: number) => n,
  eigenvalues: (n: number) => n,
  singularValues: (m: number, n: number) => Math.min(m, n),
  svd: (m: number, n: number) => Math.min(m, n),
  qr: (_m: number, n: number) => n,
  cholesky: (n: number) => n,
};

export type LibraryCall = keyof typeof rowsOf;
export const libraryCalls = Object.keys(rowsOf) as LibraryCall[];

/** Whether the system's library divides a call of linear algebra with these leading arguments among all cores. */
export function isDivided(call: LibraryCall, ...sizes: number[]): boolean {
  const rows: (...sizes: number[]) => number = rowsOf[call];
  return rows(...sizes) >= dividedRows;
}
