import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { addAnalyses } from '#main/recipe/add-analyses.ts';

const recipe = (analyses: string) => `title: One\nanalyses:\n${analyses}`;
const analysesOf = (text: string): unknown => (parse(text) as { analyses: unknown }).analyses;

describe('cuts added to a stored recipe', () => {
  it('are named where the recipe left them to the default', () => {
    const text = addAnalyses(
      recipe('  - correlation\n  - spectral-clusters\n'),
      ['spectral-clusters'],
      [4, 6, 8],
    );
    expect(analysesOf(text)).toEqual(['correlation', { 'spectral-clusters': { k: [4, 6, 8] } }]);
  });

  it('join those that it names, each once, and leave the other options and comments', () => {
    const text = addAnalyses(
      recipe('  - spectral-clusters: { k: [3, 12], affinity: squared } # as in the paper\n'),
      ['spectral-clusters'],
      [12, 6],
    );
    expect(analysesOf(text)).toEqual([{ 'spectral-clusters': { k: [3, 6, 12], affinity: 'squared' } }]);
    expect(text).toContain('as in the paper');
  });

  it('are put to clusters that the recipe did not have', () => {
    const text = addAnalyses(recipe('  - correlation\n'), ['spectral-clusters', 'matching'], [5]);
    expect(analysesOf(text)).toEqual(['correlation', { 'spectral-clusters': { k: [5] } }, 'matching']);
  });

  it('change nothing where none is asked for', () => {
    const text = recipe('  - spectral-clusters\n');
    expect(analysesOf(addAnalyses(text, ['matching']))).toEqual(['spectral-clusters', 'matching']);
  });
});
