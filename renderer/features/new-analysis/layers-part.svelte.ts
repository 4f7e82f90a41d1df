import type { RecipeLayer } from '#core/domain/recipe.ts';
import type { CapturableTensor } from '#core/domain/network.ts';
import { expandLayers, layersByName, type LayerPairing } from '#core/layers/expand-layers.ts';
import type { LayerRole } from '#core/layers/layer-roles.ts';
import {
  rolesInAll,
  suggestLayers,
  type LayerDraft,
  type NetworkTensors,
} from '#core/layers/suggest-layers.ts';
import { LayerRow } from './layer-row.svelte.ts';
import type { NetworksPart } from './networks-part.svelte.ts';
import type { CheckedForm } from './problems.ts';
import { layerOfTensor, shortName } from './suggest-layers.ts';

/** The layers that are compared: suggested, found by a pattern, or added one by one. */
export class LayersPart {
  #rows = $state.raw<LayerRow[]>([]);
  #role = $state<LayerRole | ''>('');
  #pairing = $state<LayerPairing>('position');
  readonly #networks: NetworksPart;

  constructor(networks: NetworksPart) {
    this.#networks = networks;
  }

  get rows(): LayerRow[] {
    return this.#rows;
  }

  readonly #roles = $derived.by(() => rolesInAll(this.#networks.tensorTable()));
  /** What layers can be suggested by: parts that tensors of every network play. */
  get roles(): { role: LayerRole; layers: number }[] {
    return this.#roles;
  }
  /** Empty: by the operator that all networks share. */
  get role(): LayerRole | '' {
    return this.#role;
  }
  set role(role: LayerRole | '') {
    this.#role = role;
    this.suggest();
  }
  /** How tensors of different networks become one layer. */
  get pairing(): LayerPairing {
    return this.#pairing;
  }
  set pairing(pairing: LayerPairing) {
    this.#pairing = pairing;
    this.suggest();
  }

  clear(): void {
    this.#rows = [];
  }

  /** The layers of a recipe in place of the suggested ones. */
  adopt(layers: readonly RecipeLayer[]): void {
    const tokenOf = new Map(this.#networks.rows.map((row) => [row.name, row.file.token]));
    this.#rows = layers.map((layer) => LayerRow.of(layer, tokenOf));
  }

  /** Fresh suggestions; layers that the person added by hand stay while a network has any of their tensors. */
  suggest(): void {
    const networks = this.#networks.tensorTable();
    const byHand = this.#rows.filter((row) => !row.isSuggested && this.#isInAny(row));
    if (!this.roles.some(({ role }) => role === this.#role)) this.#role = '';
    const drafts = suggestLayers(networks, this.#role || undefined);
    const paired = this.#pairing === 'name' ? layersByName(drafts, networks) : drafts;
    this.#rows = [...paired.map((draft) => new LayerRow(draft, true)), ...byHand];
  }

  addTensor(from: NetworkTensors, tensor: CapturableTensor): void {
    const networks = this.#networks.tensorTable();
    const source = networks.find((network) => network.name === from.name) ?? from;
    this.#rows = [...this.#rows, new LayerRow(layerOfTensor(networks, source, tensor), false)];
  }

  /** Adds a layer for each tensor that fits a pattern (`*`: anything) in every network; else says why not. */
  addPattern(pattern: string): string | null {
    const networks = this.#networks.tensorTable();
    const stem = shortName(pattern.replaceAll('*', '')).replace(/[^\p{L}\p{N}]+$/u, '') || 'layer';
    const entry = { name: stem, tensors: pattern, pair: this.#pairing };
    try {
      const drafts = expandLayers([entry], networks, (_field, what) => {
        throw new PatternProblem(what);
      });
      const rows = (drafts as unknown as LayerDraft[]).map((draft) => new LayerRow(draft, false));
      this.#rows = [...this.#rows, ...rows];
      return null;
    } catch (problem) {
      if (!(problem instanceof PatternProblem)) throw problem;
      return this.#inWords(problem.message);
    }
  }

  /** Networks go by file token inside; a person knows their names. */
  #inWords(sentence: string): string {
    return this.#networks.rows.reduce(
      (words, { file, name }) => words.replaceAll(file.token, name),
      sentence.replaceAll('pair: ', 'pairing by ').replace(/^./, (letter) => letter.toUpperCase()),
    );
  }

  /** Adds the layer of a tensor of the network of this name; false where neither is known. */
  addLayerOf(network: string, tensor: string): boolean {
    const row = this.#networks.rows.find((candidate) => candidate.name === network);
    const tensors = row?.inspection.value?.tensors ?? [];
    const found = tensors.find((candidate) => candidate.name === tensor);
    if (!row || !found) return false;
    const known = this.#rows.find((layer) => layer.tensors[row.file.token] === tensor);
    if (known) known.isTicked = true;
    else this.addTensor({ name: row.file.token, tensors }, found);
    return true;
  }

  remove(row: LayerRow): void {
    this.#rows = this.#rows.filter((other) => other !== row);
  }

  /** Axes of one network's tensor; tensors of as many axes that were read alike follow. */
  setAxes(row: LayerRow, token: string, axes: string): void {
    const before = row.axes[token] ?? '';
    const rankOf = (of: string) => this.tensorOf(row, of)?.shape.length;
    for (const { file } of this.#networks.rows) {
      const isAlike = rankOf(file.token) === rankOf(token) && (row.axes[file.token] ?? '') === before;
      if (file.token !== token && !isAlike) continue;
      if (axes === '') delete row.axes[file.token];
      else row.axes[file.token] = axes;
    }
  }

  #isInAny(row: LayerRow): boolean {
    return this.#networks.rows.some(
      ({ file, inspection }) => !inspection.value || this.tensorOf(row, file.token) !== undefined,
    );
  }

  tensorOf(row: LayerRow, token: string): CapturableTensor | undefined {
    const network = this.#networks.rows.find(({ file }) => file.token === token);
    return network?.inspection.value?.tensors.find(({ name }) => name === row.tensors[token]);
  }

  /** The ticked layers, their networks by name. */
  draft(): (CheckedForm['layers'][number] & { axes?: Record<string, string> })[] {
    return this.#rows
      .filter((row) => row.isTicked)
      .map((row) => {
        const axes = this.#byName(row.axes);
        return {
          id: row.id,
          name: row.name.trim(),
          tensors: this.#byName(row.tensors),
          sample: row.rule,
          ...(Object.keys(axes).length > 0 && { axes }),
        };
      });
  }

  #byName(values: Record<string, string>): Record<string, string> {
    const known = this.#networks.rows.filter(({ file }) => values[file.token]);
    return Object.fromEntries(known.map(({ name, file }) => [name.trim(), values[file.token]]));
  }
}

class PatternProblem extends Error {}
