/** Endings that files of arrays have; what one holds, its content says. */
export const arrayExtensions = ['npz', 'npy', 'h5', 'hdf5', 'safetensors', 'parquet', 'gz', 'bin', 'idx'];
