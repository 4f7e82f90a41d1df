import { describe, expect, it } from 'vitest';
import { resolveRecipe } from '#core/domain/resolve-recipe.ts';
import { AppError } from '#core/errors.ts';
import { fitsByPairs, runByPairs } from '#main/jobs/run-by-pairs.ts';
import { planTasks } from '#main/jobs/plan-tasks.ts';
import type { RunOutcome, RunRequest } from '#main/app/services.ts';

const recipeOf = (analyses: string[]) =>
  resolveRecipe(
    {
      title: 'Three',
      networks: ['A', 'B', 'C'].map((name) => ({ name, activations: `${name}.npy` })),
      layers: [{ name: 'fc', tensors: { A: 'a', B: 'b', C: 'c' }, sample: 'image' }],
      analyses,
    },
    'three.yaml',
  );
const requestOf = (analyses: string[]): RunRequest => ({
  ...{ recipe: recipeOf(analyses), recipeText: '', baseFolder: '/' },
});

const hashes = { data: 'd', models: { A: '1', B: '2', C: '3' } };
const tooLarge = new AppError('not-available', 'too much', { layer: 'fc', tooLargeMoments: true });

function outcomeOf({ recipe }: RunRequest): RunOutcome {
  const timings = {
    ...{ checkMs: 1, engineStartMs: 0, sessionMs: 0, decodeWaitMs: 0, inferenceMs: 0, accumulateMs: 0 },
    ...{ analyseMs: 0, storeMs: 0, totalMs: 2 },
  };
  const resultIds = planTasks(recipe, hashes).map(({ id }) => id);
  const computed = resultIds.length;
  return { runId: recipe.title, resultIds, reused: 0, computed, timings, notes: ['same'] };
}

describe('runByPairs', () => {
  it('is for moments of more than two networks that do not fit', () => {
    const recipe = recipeOf(['correlation']);
    expect(fitsByPairs(tooLarge, recipe)).toBe(true);
    expect(fitsByPairs(tooLarge, { ...recipe, networks: recipe.networks.slice(1) })).toBe(false);
    expect(fitsByPairs(new AppError('not-available', 'other'), recipe)).toBe(false);
  });

  it('makes the results of one run under the same keys, pair by pair', async () => {
    const request = requestOf(['correlation', 'matching']);
    const runs: RunRequest[] = [];
    const notes: string[] = [];
    const outcome = await runByPairs(
      request,
      (part) => {
        runs.push(part);
        return Promise.resolve(outcomeOf(part));
      },
      (sentence) => notes.push(sentence),
    );
    expect(runs.map(({ recipe }) => recipe.title)).toEqual([
      'Three: A and B',
      'Three: A and C',
      'Three: B and C',
    ]);
    expect(runs[1].recipe.networks.map(({ name }) => name)).toEqual(['A', 'C']);
    expect(runs[1].recipe.layers[0].tensors).toEqual({ A: 'a', C: 'c' });
    const whole = planTasks(request.recipe, hashes).map(({ id }) => id);
    expect([...outcome.resultIds].sort()).toEqual(whole.sort());
    expect(outcome).toMatchObject({
      runId: 'Three: B and C',
      computed: 6,
      timings: { checkMs: 3, totalMs: 6 },
    });
    expect(notes).toEqual([
      'The moments of all 3 networks together do not fit in memory: one run and one pass over the data for each of 3 ' +
        'pairs.',
    ]);
    expect(outcome.notes).toEqual([...notes, 'same']);
  });

  it('leaves out and names what is about all networks at once, and refuses where nothing else was asked', async () => {
    const run = (part: RunRequest) => Promise.resolve(outcomeOf(part));
    const { notes } = await runByPairs(requestOf(['correlation', 'many-networks']), run, () => undefined);
    expect(notes).toContain('Left out, because it is about all networks at once: many-networks.');
    await expect(runByPairs(requestOf(['many-networks']), run, () => undefined)).rejects.toThrow(
      'many-networks needs the moments of all 3 networks at once, which do not fit in memory',
    );
  });
});
