import { providerTitles, type ProviderUse } from '#core/domain/provider.ts';
import type { Recipe } from '#core/domain/recipe.ts';
import type { EngineStatus } from '#core/ipc/areas/settings.ts';
import type { PassTimings } from '#core/ipc/engine.ts';
import { formatCount } from '#core/figure/ticks.ts';
import { tookWords } from './job-log.ts';

/** The sentences of a job's log. */

const counted = (count: number, one: string, many = `${one}s`) =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

export function asked({ networks, pairs, layers, analyses }: Recipe): string {
  const parts = [
    counted(networks.length, 'network'),
    counted(pairs.length, 'pair'),
    counted(layers.length, 'layer'),
    counted(analyses.length, 'analysis', 'analyses'),
  ];
  return `Asked: ${parts.join(', ')}.`;
}

export function checked({ networks }: Recipe, ms: number): string {
  return `Checked the data and ${counted(networks.length, 'model')} by their hashes in ${tookWords(ms)}.`;
}

export function planned(results: number, missing: number): string {
  if (missing === 0)
    return `All ${counted(results, 'result')} are in the project already; nothing is computed again.`;
  if (missing === results) return `${counted(results, 'result')} to compute.`;
  return `${counted(results - missing, 'result')} are in the project already and are reused; ${formatCount(missing)} to compute.`;
}

export function captureReused(isNeeded: boolean): string {
  return isNeeded
    ? 'The moments of these layers are in the project already: no pass over the data is needed for them.'
    : 'The moments of these layers are in the project already.';
}

export function engineReady(
  { linearAlgebra, lapack, threads, versions }: EngineStatus,
  asked: number | null,
): string {
  const library = lapack && lapack !== linearAlgebra ? `${linearAlgebra}, ${lapack}` : linearAlgebra;
  return `Engine ready: onnxruntime ${versions.onnxruntime ?? '?'}, linear algebra ${library}, ${counted(asked ?? threads, 'thread')}.`;
}

/** One sentence for networks that run alike; a fall-back is a problem, whose reason the engine has given. */
export function providers(
  names: readonly string[],
  uses: readonly ProviderUse[],
): { text: string; kind: 'step' | 'problem' }[] {
  const alike = new Map<string, { names: string[]; use: ProviderUse }>();
  uses.forEach((use, index) => {
    const key = JSON.stringify(use);
    const entry = alike.get(key) ?? { names: [], use };
    entry.names.push(names[index]);
    alike.set(key, entry);
  });
  return [...alike.values()].map(({ names: same, use }) => {
    if (use.used === 'saved')
      return { text: `${same.join(', ')}: saved activations, read from the file.`, kind: 'step' };
    const used = `${same.join(', ')} ran on ${providerTitles[use.used]}`;
    if (use.fallbackReason) return { text: `${used}, for the reason given above.`, kind: 'problem' };
    const why = use.asked === 'auto' ? 'the fastest provider that works here' : 'as asked';
    return { text: `${used}, ${why}.`, kind: 'step' };
  });
}

export function passed(which: 'First' | 'Second', images: number, timings: PassTimings): string {
  const { sessionMs, inferenceMs, accumulateMs, decodeWaitMs } = timings;
  const sums = which === 'First' ? 'moments' : 'counting';
  return (
    `${which} pass over ${counted(images, 'image')} took ${tookWords(sessionMs + inferenceMs + accumulateMs + decodeWaitMs)}: ` +
    `models ${tookWords(sessionMs)}, inference ${tookWords(inferenceMs)}, ${sums} ${tookWords(accumulateMs)}, ` +
    `waiting for data ${tookWords(decodeWaitMs)}.`
  );
}

/** Thread time by analysis, the longest first. */
export function analysed(spent: readonly { name: string; ms: number }[], ms: number): string {
  const byName = new Map<string, number>();
  for (const { name, ms: one } of spent) byName.set(name, (byName.get(name) ?? 0) + one);
  const parts = [...byName]
    .sort((one, other) => other[1] - one[1])
    .map(([name, total]) => `${name} ${tookWords(total)}`);
  return `Computed ${counted(spent.length, 'result')} in ${tookWords(ms)} (time on threads: ${parts.join(', ')}).`;
}

export function stored(results: number, ms: number): string {
  return results === 0
    ? 'The run is stored in the project.'
    : `${counted(results, 'result')} and the run are stored in the project; the last of it took ${tookWords(ms)}.`;
}
