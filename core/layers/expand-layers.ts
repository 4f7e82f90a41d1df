import { z } from 'zod';
import { isSaved, type CapturableTensor } from '../domain/network.ts';
import { listInWords, nearestNames } from '../text/nearest-names.ts';
import { layerRoles, type LayerRole } from './layer-roles.ts';
import {
  sampleFor,
  suggestLayers,
  tensorsOfRole,
  type LayerDraft,
  type NetworkTensors,
} from './suggest-layers.ts';

/** The k-th tensors of all networks are one layer, or those of one name. */
export type LayerPairing = 'position' | 'name';
const pairing = z.enum(['position', 'name'] satisfies LayerPairing[]).optional();
const suggestionSchema = z.strictObject({
  suggest: z.union([z.enum(layerRoles), z.array(z.enum(layerRoles)).min(1)]),
  pair: pairing,
  sample: z.unknown().optional(),
});
const patternSchema = z.looseObject({
  name: z.string(),
  tensors: z.union([z.string(), z.record(z.string(), z.string())]),
  pair: pairing,
});
type Entry = Record<string, unknown>;
type Wrong = (field: string, what: string) => never;

/** Whether the layers of a recipe, as written, can be known from its networks alone. */
export function hasLayerPatterns(layers: unknown): boolean {
  return entriesOf(layers).some((entry) => isSuggestion(entry) || globsOf(entry).some(isGlob));
}

/**
 * The layers of a recipe with names written out: entries with `suggest` become one layer for each tensor of that part in
 * all networks, entries whose tensor names have a `*` one for each tensor that fits.
 *
 * @param wrong throws for a field of the recipe, given what is wrong with it
 */
export function expandLayers(layers: unknown, networks: readonly NetworkTensors[], wrong: Wrong): Entry[] {
  return entriesOf(layers).flatMap((entry, index) => {
    const field = Array.isArray(layers) ? `layers[${index}]` : 'layers';
    if (isSuggestion(entry)) return suggested(entry, networks, field, wrong);
    return globsOf(entry).some(isGlob) ? matching(entry, networks, field, wrong) : [entry];
  });
}

function entriesOf(layers: unknown): Entry[] {
  const list = Array.isArray(layers) ? layers : [layers];
  return list.filter((entry): entry is Entry => entry !== null && typeof entry === 'object');
}

function isSuggestion(entry: Entry): boolean {
  return 'suggest' in entry;
}

function globsOf({ tensors }: Entry): string[] {
  const values = tensors !== null && typeof tensors === 'object' ? Object.values(tensors) : [tensors];
  return values.filter((value) => typeof value === 'string');
}

function isGlob(name: string): boolean {
  return name.includes('*');
}

function suggested(entry: Entry, networks: readonly NetworkTensors[], field: string, wrong: Wrong): Entry[] {
  const { data, error } = suggestionSchema.safeParse(entry);
  if (!data) {
    const [issue] = error.issues;
    const at = issue.path.length > 0 ? `${field}.${issue.path.join('.')}` : field;
    return wrong(
      at,
      `is not understood; suggest one of ${listInWords([...layerRoles])}, with pair: position or name.`,
    );
  }
  return [data.suggest].flat().flatMap((role) => {
    if (networks.some(({ tensors }) => isSaved(tensors)))
      return withSaved(role, networks, data, field, wrong);
    const drafts = suggestLayers(networks, role).map((draft, index) => ({
      ...draft,
      name: `${role}${index + 1}`,
    }));
    if (drafts.length === 0) {
      const without = networks
        .filter((network) => suggestLayers([network], role).length === 0)
        .map(({ name }) => name);
      return wrong(
        `${field}.suggest`,
        `no tensor of ${listInWords(without, 'and')} is one (${role}); choose another part.`,
      );
    }
    const layers = data.pair === 'name' ? layersByName(drafts, networks) : drafts;
    if (layers.length === 0) wrong(field, noSameName);
    return layers.map((layer) => ({ ...layer, sample: data.sample ?? layer.sample }));
  });
}

/**
 * Of saved activations nothing tells which part an array is: all of them are taken. Beside models they pair with the
 * tensors of the part at the same place, so there must be as many; among themselves those of one name, where any are.
 */
function withSaved(
  role: LayerRole,
  networks: readonly NetworkTensors[],
  { pair, sample }: { pair?: 'position' | 'name'; sample?: unknown },
  field: string,
  wrong: Wrong,
): Entry[] {
  const columns = networks.map((network) => {
    const found = isSaved(network.tensors) ? [...network.tensors] : tensorsOfRole(network, role);
    if (found.length === 0)
      wrong(`${field}.suggest`, `no tensor of ${network.name} is one (${role}); choose another part.`);
    return found;
  });
  const named = pair === 'position' ? [] : rowsByName(columns);
  const areAllSaved = networks.every(({ tensors }) => isSaved(tensors));
  const isByName = pair === 'name' || (areAllSaved && named.length > 0);
  const rows = isByName ? named : rowsByPosition(columns, networks, `${field}.suggest`, wrong);
  if (rows.length === 0) wrong(field, noSameName);
  return rows.map((row, index) => ({
    name: areAllSaved && isByName ? row[0].name : `${role}${index + 1}`,
    tensors: sameFor(networks, (_network, at) => row[at].name),
    sample: sample ?? sampleFor(row),
  }));
}

const noSameName = 'no tensor has the same name in all networks; use pair: position.';

/** Of layers of the first network, those whose tensor has the same name in all networks; with that tensor in each. */
export function layersByName(
  drafts: readonly LayerDraft[],
  networks: readonly NetworkTensors[],
): LayerDraft[] {
  const [first] = networks;
  return drafts.flatMap((draft) => {
    const name = draft.tensors[first.name];
    const found = networks.map(({ tensors }) => tensors.find((tensor) => tensor.name === name));
    if (found.some((tensor) => !tensor)) return [];
    const sample = sampleFor(found as CapturableTensor[]);
    return [{ ...draft, tensors: sameFor(networks, () => name), sample }];
  });
}

function sameFor(
  networks: readonly NetworkTensors[],
  of: (network: NetworkTensors, index: number) => string,
) {
  return Object.fromEntries(networks.map((network, index) => [network.name, of(network, index)]));
}

function matching(entry: Entry, networks: readonly NetworkTensors[], field: string, wrong: Wrong): Entry[] {
  const { data } = patternSchema.safeParse(entry);
  if (!data) return [entry];
  const { pair, tensors: patterns, ...rest } = data;
  const columns = networks.map((network) => {
    const pattern = typeof patterns === 'string' ? patterns : patterns[network.name];
    if (pattern === undefined)
      return wrong(`${field}.tensors`, `the tensor of network "${network.name}" is missing; add it.`);
    const found = fitting(network, pattern);
    if (found.length > 0) return found;
    const names = network.tensors.map((tensor) => tensor.name);
    const near = nearestNames(pattern.replaceAll('*', ''), names);
    return wrong(
      `${field}.tensors`,
      `no tensor of ${network.name} fits "${pattern}"; nearest names: ${listInWords(near)}.`,
    );
  });
  const rows =
    pair === 'name' ? rowsByName(columns) : rowsByPosition(columns, networks, `${field}.tensors`, wrong);
  if (rows.length === 0) wrong(field, noSameName);
  return rows.map((row, index) => ({
    sample: sampleFor(row),
    ...rest,
    name: rows.length === 1 ? data.name : `${data.name}${index + 1}`,
    tensors: sameFor(networks, (_network, at) => row[at].name),
  }));
}

/** Tensors whose whole name fits a pattern, in which `*` stands for anything. */
export function fitting({ tensors }: Pick<NetworkTensors, 'tensors'>, pattern: string): CapturableTensor[] {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 's');
  return tensors.filter(({ name }) => name === pattern || expression.test(name));
}

function rowsByName([first, ...others]: CapturableTensor[][]): CapturableTensor[][] {
  return first.flatMap((tensor) => {
    const row = others.map((column) => column.find(({ name }) => name === tensor.name));
    return row.every((found) => found !== undefined) ? [[tensor, ...row]] : [];
  });
}

function rowsByPosition(
  columns: CapturableTensor[][],
  networks: readonly NetworkTensors[],
  field: string,
  wrong: Wrong,
): CapturableTensor[][] {
  if (columns.some((column) => column.length !== columns[0].length)) {
    const counts = networks.map(({ name }, index) => `${name} ${columns[index].length}`).join(', ');
    wrong(
      field,
      `fits different numbers of tensors (${counts}); use pair: name, a narrower pattern, or write the layers out.`,
    );
  }
  return columns[0].map((_, row) => columns.map((column) => column[row]));
}
