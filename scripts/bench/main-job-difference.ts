import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabaseMethods } from '../../native-workers/database/methods.ts';

/** What `peers/main_job.py` says of the matches, by layer and networks. */
export type PeerScores = Record<string, { semiMean: number; matchMean: number }>;

/** Between our correlations and the peer's, and between the mean matches, over all pairs and layers. */
export async function largestDifference(
  project: string,
  folder: string,
  scores: PeerScores,
): Promise<number> {
  const database = createDatabaseMethods();
  await database.open(project, 'open');
  let largest = 0;
  let compared = 0;
  for (const { id, analysis, a, b, headline } of await database.results()) {
    const name = `${a.layer}-${a.network}-${b.network}`;
    if (analysis === 'matching') {
      for (const [key, value] of Object.entries(scores[name]))
        largest = Math.max(largest, Math.abs(value - Number(headline[key])));
    } else {
      const { data } = await database.array(id, 'between');
      const bytes = readFileSync(join(folder, `${name}.f64`));
      const theirs = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
      if (theirs.length !== data.length) throw new Error(`${name}: the peer has another number of units.`);
      for (let at = 0; at < theirs.length; at++)
        largest = Math.max(largest, Math.abs(theirs[at] - Number(data[at])));
    }
    compared++;
  }
  await database.close();
  if (compared === 0) throw new Error('Nothing was compared.');
  return largest;
}
