import { needsOf } from '#core/domain/analysis-needs.ts';
import type { Recipe } from '#core/domain/recipe.ts';
import { AppError } from '#core/errors.ts';
import type { RunOutcome, RunRequest } from '../app/services.ts';

/** Whether the moments of all networks together were too much for a pass, and fewer networks are less. */
export function fitsByPairs(error: unknown, { networks }: Recipe): boolean {
  return error instanceof AppError && error.details.tooLargeMoments === true && networks.length > 2;
}

/**
 * A run for each pair of networks instead of one for all: joint moments of ten networks take 25 times the memory of
 * two. Results about a pair have the keys that they would have had in one run. Those about all networks at once cannot
 * be made so and are left out, which is said.
 *
 * @throws AppError where nothing but such results was asked for
 */
export async function runByPairs(
  request: RunRequest,
  run: (part: RunRequest) => Promise<RunOutcome>,
  note: (sentence: string) => void,
): Promise<RunOutcome> {
  const { recipe } = request;
  const analyses = ofPairs(recipe);
  const leftOut = recipe.analyses.filter((analysis) => !analyses.includes(analysis)).map(({ name }) => name);
  if (analyses.length === 0)
    throw new AppError(
      'not-available',
      `${leftOut.join(', ')} needs the moments of all ${recipe.networks.length} networks at once, which do not fit in ` +
        'memory; compare fewer networks, or use a sampling with fewer units.',
    );
  const sentences = [
    `The moments of all ${recipe.networks.length} networks together do not fit in memory: one run and one pass over the ` +
      `data for each of ${recipe.pairs.length} pairs.`,
    ...(leftOut.length > 0
      ? [`Left out, because it is about all networks at once: ${leftOut.join(', ')}.`]
      : []),
  ];
  sentences.forEach(note);
  const outcomes: RunOutcome[] = [];
  for (const part of pairRecipes(recipe)) outcomes.push(await run({ ...request, recipe: part }));
  return { ...joined(outcomes), notes: [...sentences, ...new Set(outcomes.flatMap(({ notes }) => notes))] };
}

function ofPairs({ analyses }: Recipe): Recipe['analyses'] {
  return analyses.filter((analysis) => needsOf(analysis).scope !== 'group');
}

/** The recipe of each pair alone, without analyses of all networks at once. */
export function pairRecipes(recipe: Recipe): Recipe[] {
  return recipe.pairs.map((pair) => partOf(recipe, pair, ofPairs(recipe)));
}

function partOf(recipe: Recipe, pair: [string, string], analyses: Recipe['analyses']): Recipe {
  const ofPair = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => pair.includes(name)));
  return {
    ...recipe,
    title: `${recipe.title}: ${pair.join(' and ')}`,
    networks: recipe.networks.filter(({ name }) => pair.includes(name)),
    pairs: [pair],
    layers: recipe.layers.map((layer) => ({
      ...layer,
      tensors: ofPair(layer.tensors),
      ...(layer.axes && { axes: ofPair(layer.axes) }),
    })),
    analyses,
  };
}

function joined(outcomes: readonly RunOutcome[]): RunOutcome {
  const last = outcomes[outcomes.length - 1];
  const sum = (pick: (outcome: RunOutcome) => number) =>
    outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  const timings = { ...last.timings };
  for (const key of Object.keys(timings) as (keyof typeof timings)[])
    timings[key] = sum((outcome) => outcome.timings[key]);
  return {
    ...last,
    resultIds: outcomes.flatMap(({ resultIds }) => resultIds),
    reused: sum(({ reused }) => reused),
    computed: sum(({ computed }) => computed),
    timings,
  };
}
