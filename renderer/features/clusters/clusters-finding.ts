import { headlineNumber } from '#core/domain/result.ts';
import { formatCount } from '#core/figure/ticks.ts';
import { formatCorrelation, formatValue, plural } from '../../ui/format.ts';
import type { SentencePart } from '../../ui/sentence.ts';
import type { ResultData } from '../analysis/read-result.ts';
import { networkNames } from './cluster-graph.ts';
import { isOfOneNetwork, totalCut, type Partition } from './partition.ts';
import type { ClustersState } from './clusters-state.svelte.ts';

const affinityWords: Record<string, string> = {
  abs: '|r|',
  positive: 'r above 0',
  squared: 'r²',
  'mutual-information': 'mutual information',
};

/** The cut that is shown, in one sentence. */
export function clustersFinding(
  { graph, partition, read }: Pick<ClustersState, 'graph' | 'partition' | 'read'>,
  layer: string,
): SentencePart[] {
  const suggested = read.value?.data.number('suggestedK');
  const gap: SentencePart[] =
    suggested === undefined ? [] : [{ term: 'eigengap', label: `the eigenvalues suggest ${suggested}` }];
  if (!graph || !partition) return [`The units at ${layer} were cut into groups; `, ...gap, '.'];
  const who = graph.names.length === 2 ? 'both networks' : `${graph.names.length} networks`;
  const cut = totalCut(partition);
  const stored = graph.cuts.find(({ k }) => k === partition.k);
  const stability = partition.kind === 'spectral' ? stored?.facts.stability : undefined;
  return [
    partition.kind === 'spectral'
      ? `The units of ${who} at ${layer} form `
      : `The hierarchy of ${who} at ${layer} is cut into `,
    plural(partition.clusters.length, 'group'),
    ' (',
    { term: 'ncut', label: 'normalised cut' },
    ` ${cut === null ? '…' : formatValue(cut)}`,
    ...(stability === undefined
      ? []
      : [', ', { term: 'cutStability', label: `stability ${formatCorrelation(stability)}` } as const]),
    `), ${oneNetworkWords(partition)}; `,
    ...gap,
    '.',
  ];
}

function oneNetworkWords(partition: Partition): string {
  const own = partition.clusters.filter(isOfOneNetwork);
  const units = own.reduce((sum, { rows }) => sum + rows.length, 0);
  const shared = partition.clusters.length - own.length;
  if (own.length === 0) return shared === 1 ? 'shared' : 'all shared';
  return `${shared} shared, ${own.length} with ${plural(units, 'unit')} ${
    own.length === 1 ? 'is' : 'are'
  } of one alone`;
}

/** What the finding rests on. */
export function clustersFacts(data: ResultData): string {
  const { entry } = data;
  const count = (key: string) => headlineNumber(entry.headline, key) ?? 0;
  const affinity = affinityWords[String(entry.params.affinity)];
  return [
    `${networkNames(data).join(', ')} at ${entry.a.layer}`,
    `${formatCount(count('liveUnits'))} live units${count('deadUnits') > 0 ? `, ${formatCount(count('deadUnits'))} dead` : ''}`,
    `${formatCount(count('samples'))} samples`,
    ...(affinity ? [`affinity ${affinity}`] : []),
  ].join(' · ');
}
