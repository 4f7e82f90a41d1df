import type { ForestRow } from '../../plots/charts/forest-row.ts';
import type { ResultData } from '../analysis/read-result.ts';
import { formatPercent } from '../../ui/format.ts';

/** The estimates of the mean match side by side, chance first. */
export function forestRows(data: ResultData): ForestRow[] {
  const n = (key: string) => data.number(key) ?? NaN;
  const percent = formatPercent(data.number('level') ?? 0.95);
  const deviation = 2 * n('nullMatchStd');
  const rows: ForestRow[] = [
    {
      ...{ label: 'shuffled images', term: 'nullMatch', ink: 'quiet', value: n('nullMatchMean') },
      ...(Number.isFinite(deviation)
        ? {
            low: n('nullMatchMean') - deviation,
            high: n('nullMatchMean') + deviation,
            ends: '± 2 deviations',
          }
        : {}),
    },
    { label: 'held out', term: 'heldOut', ink: 'accent', value: n('heldOutMatchMean') },
    { label: 'split halves', term: 'splitHalf', ink: 'accent', value: n('splitHalfMatchMean') },
    {
      ...{ label: 'these pairs', term: 'interval', ink: 'match', value: n('matchMean') },
      ...ends('matchMean', data),
      ends: percent,
    },
    {
      ...{ label: 'matched anew', term: 'rematched', ink: 'semi' },
      value: (n('rematchedMatchMeanLow') + n('rematchedMatchMeanHigh')) / 2,
      ...ends('rematchedMatchMean', data),
      ends: percent,
    },
  ];
  return rows.filter(({ value }) => Number.isFinite(value));
}

function ends(key: string, data: ResultData): { low?: number; high?: number } {
  const [low, high] = [data.number(`${key}Low`), data.number(`${key}High`)];
  return low === undefined || high === undefined ? {} : { low, high };
}
