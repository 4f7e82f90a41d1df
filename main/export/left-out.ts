import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { MatrixInfo } from '#core/ipc/areas/result.ts';
import { arrayFileStem } from './stored-array.ts';

/** A matrix that was drawn from its tiles and never held as numbers. */
interface DrawnMatrix {
  resultId: string;
  info: MatrixInfo;
}

/** Rough length of a number with its comma in a table. */
const bytesPerNumber = 20;

/**
 * The database, watched for matrices that are read tile by tile: those are too large to be written out as text beside
 * a figure, and where their numbers are has to be said instead.
 */
export function watchedForTiles(database: DatabaseMethods): {
  database: DatabaseMethods;
  /** Null where every number is in the tables. */
  note(): string | null;
} {
  const infos = new Map<string, DrawnMatrix>();
  const drawn = new Map<string, DrawnMatrix>();
  const keyOf = (resultId: string, name: string) => `${resultId}\n${name}`;
  return {
    database: {
      ...database,
      async matrixInfo(resultId, name) {
        const info = await database.matrixInfo(resultId, name);
        infos.set(keyOf(resultId, name), { resultId, info });
        return info;
      },
      tile(resultId, name, ...at) {
        const found = infos.get(keyOf(resultId, name));
        if (found) drawn.set(keyOf(resultId, name), found);
        return database.tile(resultId, name, ...at);
      },
    },
    note: () => (drawn.size === 0 ? null : noteOf([...drawn.values()])),
  };
}

function noteOf(matrices: readonly DrawnMatrix[]): string {
  const parts = [...new Set(matrices.map(({ resultId }) => resultId))].map((resultId) => {
    const ofResult = matrices.filter((matrix) => matrix.resultId === resultId);
    const names = ofResult.map(({ info }) => `${arrayFileStem(info.name)}.npy`).join(', ');
    return `consilience export PROJECT --out FOLDER --result ${resultId.slice(0, 12)} --format npy (${names})`;
  });
  const sizes = [...new Set(matrices.map(({ info }) => `${count(info.rows)} x ${count(info.cols)}`))].join(
    ', ',
  );
  const bytes = matrices.reduce((sum, { info }) => sum + info.rows * info.cols * bytesPerNumber, 0);
  const isOne = matrices.length === 1;
  return `Data: ${isOne ? 'a matrix' : `${matrices.length} matrices`} of this figure (${sizes}) ${isOne ? 'is' : 'are'} not beside it as CSV, which would take about ${size(bytes)}. The command line writes ${isOne ? 'it' : 'them'} whole: ${parts.join('; ')}.`;
}

const count = (value: number): string => value.toLocaleString('en-US');

const size = (bytes: number): string =>
  bytes < 1e9 ? `${Math.ceil(bytes / 1e8) * 100} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
