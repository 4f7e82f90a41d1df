import { resolve } from 'node:path';
import type { Headline, HeadlineValue, ResultEntry } from '#core/domain/result.ts';
import { openDatabase } from '../database/client.ts';
import { printJson, printLine, printTable } from './output.ts';

/** `consilience results`. */
export async function results(project: string, options: { json?: true }): Promise<void> {
  const database = await openDatabase(resolve(project), 'open');
  try {
    const entries = (await database.methods.results()).sort(byPairAndLayer);
    if (options.json) {
      printJson(
        entries.map(({ id, analysis, a, b, params, headline }) => ({ id, analysis, a, b, params, headline })),
      );
      return;
    }
    if (entries.length === 0) {
      printLine('The project holds no results yet; consilience run adds some.');
      return;
    }
    printTable(
      ['id', 'analysis', 'a', 'b', 'layer', 'headline'],
      entries.map(({ id, analysis, a, b, headline }) => [
        id.slice(0, 10),
        analysis,
        a.network,
        b.network,
        a.layer === b.layer ? a.layer : `${a.layer}/${b.layer}`,
        headlineText(headline),
      ]),
    );
  } finally {
    await database.close();
  }
}

/** Results are stored as threads finish them; listed in an order that does not depend on it. */
function byPairAndLayer(x: ResultEntry, y: ResultEntry): number {
  const key = ({ a, b, analysis, id }: ResultEntry) => [a.network, b.network, a.layer, b.layer, analysis, id];
  const [first, second] = [key(x), key(y)];
  const at = first.findIndex((part, index) => part !== second[index]);
  return at < 0 ? 0 : first[at] < second[at] ? -1 : 1;
}

function headlineText(headline: Headline): string {
  return Object.entries(headline)
    .map(([key, value]) => `${key} ${valueText(value)}`)
    .join('  ');
}

function valueText(value: HeadlineValue | Record<string, number>): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toPrecision(4);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  return `{${headlineText(value)}}`;
}
