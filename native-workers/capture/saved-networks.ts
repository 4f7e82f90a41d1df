import { listInWords } from '#core/text/nearest-names.ts';
import type { PassRequest } from '#core/ipc/engine.ts';
import type { ArrayContainer } from '../data/arrays/array-container.ts';
import { requireSameSamples, sampleIdsOf, type SampleIds } from '../data/sample-ids.ts';
import { SavedActivations } from './saved-activations.ts';
import { choiceOf } from './tap-plan.ts';

/** The networks of a pass that are saved activations, by name. */
export async function openSaved({
  networks,
  layers,
  provider,
}: PassRequest): Promise<Map<string, SavedActivations>> {
  const saved = new Map<string, SavedActivations>();
  for (const network of networks) {
    if ('modelPath' in network) continue;
    const choices = layers.map((layer) => choiceOf(layer, network.name));
    saved.set(network.name, await SavedActivations.open(network, choices, provider));
  }
  return saved;
}

/** The ids of the samples, which all files that have any agree on; null where none has. */
export async function sameIds(
  { data, networks }: PassRequest,
  input: { container: ArrayContainer; rows: number } | null,
  saved: readonly SavedActivations[],
  samples: number,
  note: (sentence: string) => void,
): Promise<SampleIds | null> {
  if (saved.length === 0 && data?.ids === undefined) return null;
  const files = saved.map(({ name, fileName, container, samples: rows }) => {
    const network = networks.find((candidate) => candidate.name === name);
    const key = network && 'ids' in network ? network.ids : undefined;
    return { owner: `${name} (${fileName})`, container, key, samples: rows };
  });
  if (input) {
    const { container, rows } = input;
    const owner = `The data (${container.fileName})`;
    files.unshift({ owner, container, key: data?.ids, samples: rows });
  }
  const found: SampleIds[] = [];
  const without: string[] = [];
  for (const file of files) {
    const ids = await sampleIdsOf(file.container, file);
    if (ids) found.push(ids);
    else without.push(file.owner);
  }
  requireSameSamples(found, samples);
  if (found.length > 0 && without.length > 0)
    note(
      `No sample ids in ${listInWords(without, 'and')}: the samples are taken to be in the order of ${found[0].owner}.`,
    );
  return found[0] ?? null;
}
