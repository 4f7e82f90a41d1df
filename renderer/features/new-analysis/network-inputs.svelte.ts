import { SvelteMap } from 'svelte/reactivity';
import type { ModelInput } from '#core/domain/network.ts';
import type { RecipeInput } from '#core/domain/recipe.ts';
import { suggestInput, type InputSources } from '#core/domain/suggest-input.ts';

export const inputKinds = ['images', 'array', 'zeros', 'constant'] as const;
export type InputKind = (typeof inputKinds)[number];

/** Where one input of a network comes from, as the person fills it in. */
export interface InputChoice {
  kind: InputKind;
  array: string;
  constantText: string;
  /** Sizes of a filled input, where its named axes are told by nothing else; empty: as the model declares. */
  shapeText: string;
}

/** Where the inputs of a network come from: as suggested, until a person says otherwise. */
export class NetworkInputs {
  readonly #chosen = new SvelteMap<string, InputChoice>();

  /** Whether the recipe has to say it: with several inputs, or where it is not the samples. */
  isAsked(inputs: readonly ModelInput[]): boolean {
    return inputs.length > 1 || inputs.some(({ name }) => this.#chosen.has(name));
  }

  choiceOf(input: ModelInput, index: number, sources: InputSources, isSole: boolean): InputChoice {
    const chosen = this.#chosen.get(input.name);
    return chosen ?? choiceOf(isSole ? { images: true } : suggestInput(input, index, sources));
  }

  choose(input: string, choice: InputChoice): void {
    this.#chosen.set(input, choice);
  }

  /** What a recipe says of them. */
  take(inputs: Record<string, RecipeInput>): void {
    this.#chosen.clear();
    for (const [name, input] of Object.entries(inputs)) this.#chosen.set(name, choiceOf(input));
  }
}

function choiceOf(input: RecipeInput): InputChoice {
  const empty = { array: '', constantText: '1', shapeText: '' };
  if ('images' in input) return { ...empty, kind: 'images' };
  if ('array' in input) return { ...empty, kind: 'array', array: input.array };
  const shapeText = input.shape?.join(', ') ?? '';
  if ('zeros' in input) return { ...empty, kind: 'zeros', shapeText };
  return { ...empty, kind: 'constant', constantText: String(input.constant), shapeText };
}

/** The recipe's words for a choice; a field that cannot be read is one sentence instead. */
export function recipeInputOf(choice: InputChoice, { name, shape }: ModelInput): RecipeInput | string {
  if (choice.kind === 'images') return { images: true };
  if (choice.kind === 'array')
    return choice.array === '' ? `Choose the array that gives ${name}.` : { array: choice.array };
  const sizes = readFillShape(choice.shapeText);
  if (sizes === null) return `The shape of ${name} must be whole numbers, or N: ${shapeExample(shape)}.`;
  if (sizes && sizes.length !== shape.length)
    return `${name} has ${shape.length} axes, its shape here ${sizes.length}: ${shapeExample(shape)}.`;
  const filled = sizes && { shape: sizes };
  if (choice.kind === 'zeros') return { zeros: true, ...filled };
  const constant = Number(choice.constantText);
  const isNumber = choice.constantText.trim() !== '' && Number.isFinite(constant);
  return isNumber ? { constant, ...filled } : `The constant of ${name} must be a number.`;
}

/** "2, N, 128" as sizes; undefined when empty, null when it is no shape. */
function readFillShape(text: string): (number | 'N')[] | null | undefined {
  if (text.trim() === '') return undefined;
  const sides = text
    .split(/[\s,;x×]+/i)
    .filter(Boolean)
    .map((side) => (/^n$/i.test(side) ? ('N' as const) : Number(side)));
  return sides.every((side) => side === 'N' || (Number.isInteger(side) && side > 0)) ? sides : null;
}

/** A shape that fits what the model declares: its first axis samples, named ones 1. */
export function shapeExample(shape: ModelInput['shape']): string {
  return shape.map((side, axis) => (typeof side === 'number' ? side : axis === 0 ? 'N' : 1)).join(', ');
}
