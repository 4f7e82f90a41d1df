import { isSaved, type CapturableTensor } from '#core/domain/network.ts';
import type { RecipeLayer, SampleKind } from '#core/domain/recipe.ts';
import { usualAxes } from '#core/domain/tensor-axes.ts';
import type { LayerDraft } from '#core/layers/suggest-layers.ts';
import { wholeNumber } from './read-numbers.ts';

let rows = 0;

/** One line of the layers column. */
export class LayerRow {
  /** For its fields alone. */
  readonly id = ++rows;
  readonly isSuggested: boolean;
  isTicked = $state(true);
  name = $state('');
  sample = $state<SampleKind>('position');
  /** Of `random`: positions per input, and the seed that draws them. */
  countText = $state('16');
  seed = $state(0);
  /** By file token, so that renaming a network changes nothing. */
  tensors = $state<Record<string, string>>({});
  /** What the axes of a network's tensor are, by file token, where a person says it. */
  axes = $state<Record<string, string>>({});

  constructor(draft: LayerDraft, isSuggested: boolean) {
    this.isSuggested = isSuggested;
    this.name = draft.name;
    this.sample = draft.sample;
    this.tensors = { ...draft.tensors };
  }

  /** A layer of a recipe, its networks renamed to file tokens. */
  static of(
    { name, tensors, sample, axes = {} }: RecipeLayer,
    tokenOf: ReadonlyMap<string, string>,
  ): LayerRow {
    const byToken = (values: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(values).flatMap(([network, value]) => {
          const token = tokenOf.get(network);
          return token === undefined ? [] : [[token, value] as const];
        }),
      );
    const row = new LayerRow({ name, sample: sample.kind, tensors: byToken(tensors) }, false);
    row.axes = byToken(axes);
    row.countText = String(sample.count ?? 16);
    row.seed = sample.seed ?? 0;
    return row;
  }

  /** Another tensor's axes are its own. */
  choose(token: string, tensor: string): void {
    this.tensors[token] = tensor;
    delete this.axes[token];
  }

  /** The sampling rule as a recipe has it; null while the number of positions cannot be read. */
  get rule(): SampleKind | { random: number; seed: number } | null {
    if (this.sample !== 'random') return this.sample;
    const random = wholeNumber(this.countText);
    return random ? { random, seed: this.seed } : null;
  }
}

/** How a tensor's axes are read where nobody says; null where that is not known. */
export function axesKnownOf(tensor: CapturableTensor): string | null {
  const axes = tensor.axes ?? (isSaved([tensor]) ? usualAxes(tensor.shape.length) : null);
  return axes?.length === tensor.shape.length ? axes : null;
}

/** How its axes are read: as a person says, as known, else inputs, units and places in this order. */
export function axesShownOf(tensor: CapturableTensor, said: string): string {
  if (said !== '') return said;
  return axesKnownOf(tensor) ?? [...tensor.shape].map((_, axis) => 'NC'[axis] ?? 'S').join('');
}
