import { AppError } from '#core/errors.ts';
import { labelOf, type ArrayMember } from './array-container.ts';
import { headerOf, type ArrayHeader } from './array-header.ts';
import { Hdf5File } from './hdf5-library.ts';
import { rowsAsBytes } from './row-bytes.ts';

/** Groups of fewer datasets hold arrays, larger ones samples: an image, a trace or a row each. */
const fewestSamples = 64;
/** Datasets of a group that is joined are listed one by one up to this many. */
const mostListed = 1000;

interface Sample {
  key: string;
  header: ArrayHeader;
}

/**
 * Groups with one dataset a sample as arrays [samples, ...shape] of their own, named `GROUP/*`: the datasets in the order
 * of their names, as HDF5 (and h5py) lists them. One whose datasets differ in type or shape says so.
 *
 * @param members the datasets of the file, in its order
 */
export function withJoinedGroups(
  members: readonly ArrayMember[],
  path: string,
  fileName: string,
): ArrayMember[] {
  const groups = Map.groupBy(members, ({ key }) => key.slice(0, key.lastIndexOf('/') + 1));
  return [...groups].flatMap(([group, datasets]) => {
    const samples = datasets.flatMap(({ key, header }) =>
      header instanceof AppError ? [] : [{ key, header }],
    );
    if (samples.length < fewestSamples) return datasets;
    const joined = joinedMember(`${group}*`, samples, path, fileName);
    const others =
      datasets.length > mostListed ? datasets.filter(({ header }) => header instanceof AppError) : datasets;
    return [joined, ...others];
  });
}

function joinedMember(key: string, samples: readonly Sample[], path: string, fileName: string): ArrayMember {
  const label = labelOf(fileName, key);
  const [{ header: first }] = samples;
  const kindOf = ({ dtype, shape }: ArrayHeader) => `${dtype} ${shape.join(' x ') || 'single number'}`;
  const other = samples.find(({ header }) => kindOf(header) !== kindOf(first));
  if (other)
    return {
      key,
      header: new AppError(
        'bad-data',
        `${label} holds ${samples.length} datasets that are not of one type and shape (${samples[0].key} is ` +
          `${kindOf(first)}, ${other.key} ${kindOf(other.header)}), so it is no array; save them alike, or as encoded images.`,
      ),
    };
  const { shape, itemBytes } = first;
  const sampleBytes = shape.reduce((product, size) => product * size, itemBytes);
  const header = headerOf(first.dtype, [samples.length, ...shape], label);
  const readRows = async (from: number, count: number) => {
    const rows = new Uint8Array(count * sampleBytes);
    const file = await Hdf5File.open(path, fileName);
    try {
      const start = shape.map(() => 0);
      for (let row = 0; row < count; row++)
        rows.set(file.read(samples[from + row].key, start, [...shape], itemBytes), row * sampleBytes);
    } finally {
      file.close();
    }
    return rows;
  };
  return { key, header, bytes: () => rowsAsBytes(header, readRows) };
}
