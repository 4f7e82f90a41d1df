import { describe, expect, it } from 'vitest';
import type { ProjectRun } from '#core/domain/project.ts';
import { analysisNames, subspaceMethods, type AnalysisName } from '#core/domain/recipe.ts';
import { allLayers, type Headline, type Provenance, type ResultEntry } from '#core/domain/result.ts';
import { methodsText } from '#core/text/methods/methods-text.ts';
import { references, type Reference } from '#core/text/methods/references.ts';
import { bibtexOf, latexText, referenceText, writeMethods } from '#core/text/methods/write-methods.ts';

const folds = { test: 0.2, seed: 3 };
const options: Record<AnalysisName, Record<string, unknown>> = {
  correlation: {},
  matching: { score: 'correlation' },
  'mutual-information': { bins: 10 },
  'sparse-mapping': { alphas: [0.1, 0.01], mode: 'exact' },
  'spectral-clusters': { affinity: 'abs', k: [4, 8], group: 'pair', seed: 1 },
  subspaces: { methods: [...subspaceMethods], variance: 0.99, ridge: 0.01, seed: 2 },
  code: { rotations: 12, seed: 5 },
  certainty: { resamples: 1000, level: 0.9, fdr: 0.05, seed: 4 },
  neighbourhoods: { epsilons: [0.3] },
  'many-networks': { threshold: 0.5, fdr: 0.05, networks: ['One', 'Two', 'Three'] },
  'layer-map': { score: 'cka', layers: ['conv'] },
};
const headlines: Partial<Record<AnalysisName, Headline>> = {
  'mutual-information': { edgeSamples: 500, samples: 900 },
  'sparse-mapping': { alphaOneSe: 0.1 },
  subspaces: { sampleRows: 800, debiasedCka: 0.5, rankTolerance: 1e-8 },
  code: { rotations: 12 },
  certainty: {
    ...{ heldOutMatchMean: 0.5, blocks: 20, resamples: 1000, rematchedResamples: 50, splits: 10 },
    ...{ noiseCeiling: 0.9, shuffles: 10, tested: 64 },
  },
  'many-networks': {
    ...{ shuffles: 10, calibratedFoundInAll: 3, cycleConsistency: 0.5, matchMeanLow: 0.4, level: 0.95 },
    ...{ blocks: 20 },
  },
};

function entry(
  analysis: AnalysisName,
  params: Record<string, unknown> = {},
  pair = ['One', 'Two'],
): ResultEntry {
  const layer = analysis === 'layer-map' ? allLayers : 'conv';
  return {
    id: `${analysis} ${pair.join(' ')} ${JSON.stringify(params)}`,
    analysis,
    a: { network: pair[0], layer },
    b: { network: pair[1], layer },
    params: { ...options[analysis], folds, ...params },
    headline: headlines[analysis] ?? {},
  };
}

function runOf(results: ResultEntry[], part: Partial<ProjectRun> = {}): ProjectRun {
  return {
    id: 'run',
    title: 'Run',
    createdAt: '2026-11-23T20:15:00.000Z',
    recipe: '',
    data: { file: 'images.npy', sha256: 'd'.repeat(64), images: 1200 },
    networks: ['One', 'Two', 'Three'].map((name) => ({
      name,
      file: `${name}.onnx`,
      sha256: name.charAt(0).repeat(64),
      provider: { asked: 'auto', used: 'cpu' },
    })),
    layers: [
      {
        name: 'conv',
        tensors: { One: 'relu_1', Two: 'relu_1', Three: 'relu_1' },
        sample: 'position',
        units: { One: 8, Two: 8, Three: 8 },
        deadUnits: { One: 0, Two: 1, Three: 0 },
        samples: 960_000,
        testSamples: 240_000,
      },
    ],
    results,
    ...part,
  };
}

const provenance: Provenance = {
  software: { consilience: '0.1.0', node: '24.1.0', onnxruntime: '1.30.0' },
  models: { a: '', b: '' },
  data: '',
  order: '',
  tensors: { a: '', b: '' },
  provider: { a: { asked: 'auto', used: 'cpu' }, b: { asked: 'auto', used: 'cpu' } },
  linearAlgebra: 'OpenBLAS 0.3.21',
  seed: 0,
};
const everything = analysisNames.map((name) => entry(name));
const textOf = (run: ProjectRun, reading = null as Parameters<typeof methodsText>[0]['reading']) =>
  writeMethods(methodsText({ run, provenance: [provenance], reading }), 'text');

describe('the methods text', () => {
  it('mentions nothing that was not run', () => {
    const text = textOf(runOf([entry('correlation'), entry('matching')]));
    expect(text).toMatch(/Pearson correlation.*shortest augmenting paths/s);
    expect(text).not.toMatch(/mutual information|lasso|spectral|CKA|rotation|bootstrap|shuffle|ε|cycle/i);
    expect(text.match(/^\[\d+\]/gm)).toHaveLength(5);
  });

  it('says what of the inputs is padding', () => {
    const text = (mask: { array: string } | { padding: number }) =>
      textOf(runOf([entry('correlation')]), { scale: 1, mask });
    expect(text({ array: 'attention_mask' })).toContain(
      'Values were given to the networks as stored. Positions that the array attention_mask marks with 0 are padding and were left out.',
    );
    expect(text({ padding: 0 })).toContain(
      'Positions whose token has the id 0 are padding and were left out.',
    );
    expect(textOf(runOf([entry('correlation')]), { scale: 1 })).not.toContain('padding');
  });

  it('names only the subspace measures that were asked for', () => {
    const text = textOf(runOf([entry('subspaces', { methods: ['cka'] })]));
    expect(text).toContain('alignment (CKA) [3], also debiased [4]. Directions');
    expect(text).not.toMatch(/SVCCA|Procrustes|ridge|representational similarity/);
  });

  it('gives every option, count and seed of what was run', () => {
    const text = textOf(runOf(everything), { scale: 1 / 255, mean: [0.5], std: [0.25] });
    for (const fact of [
      'three networks (One, Two and Three) on 1,200 inputs',
      'multiplied by 0.00392157, less 0.5 and divided by 0.25',
      'A random 20 % of the inputs (seed 3) were held out',
      '1 of Two at conv',
      '960,000 samples, 240,000 held out',
      '10 bins a unit',
      'seeded uniform samples of 500 values',
      'α of 0.1 and 0.01',
      'into 4 and 8 groups',
      'k-means restarts (seed 1)',
      'a seeded sample of 800 samples (seed 2)',
      'less than 10⁻⁸ of',
      '12 random rotations [20] (seed 5)',
      '(90 %) are percentiles of 1,000 bootstrap resamples of 20 random groups',
      '(10 shuffles, positions kept)',
      'at a false discovery rate of 5 % over all 64 pairs',
      'r ≥ 0.5',
      'Consilience 0.1.0',
      'ONNX Runtime 1.30.0 under Node.js 24.1.0 on CPU; linear algebra was by OpenBLAS 0.3.21',
      `One: One.onnx, SHA-256 ${'O'.repeat(64)}`,
    ])
      expect(text).toContain(fact);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  it('leaves out what the results do not hold', () => {
    const bare = { ...entry('certainty'), headline: { matchMean: 0.5 } };
    const text = textOf(runOf([bare, { ...entry('many-networks'), headline: {} }]));
    expect(text).not.toMatch(/bootstrap|shuffle|cycle|false discovery|noise ceiling/i);
    const noFolds = runOf([entry('matching', { folds: null })]);
    noFolds.layers[0].testSamples = 0;
    expect(textOf(noFolds)).toContain('No inputs were held out');
  });

  it('says each way in which one analysis was run', () => {
    const text = textOf(
      runOf([
        entry('matching', { score: 'absolute-correlation' }),
        entry('sparse-mapping', { mode: 'paper' }),
        entry('spectral-clusters'),
        entry('spectral-clusters', { group: 'all', networks: ['One', 'Two', 'Three'] }),
        entry('layer-map', { score: 'matching' }),
      ]),
    );
    expect(text).toContain('the largest absolute correlation |r|');
    expect(text).toContain('decays λ of 0.1 and 0.01');
    expect(text).toContain('each pair of networks, and of all networks together');
    expect(text.match(/normalised Laplacian/g)).toHaveLength(1);
    expect(text).toContain('the mean correlation of their one-to-one matching');
  });

  it('names the pairs where not every two networks were compared', () => {
    const pair = (a: string, b: string) => entry('correlation', {}, [a, b]);
    expect(textOf(runOf([pair('One', 'Two'), pair('One', 'Three'), pair('Two', 'Three')]))).toContain(
      'every pair of the three networks',
    );
    expect(textOf(runOf([pair('One', 'Two'), pair('One', 'Three')]))).toContain('One and Two; One and Three');
  });
});

describe('its formats', () => {
  const document = methodsText({ run: runOf(everything), provenance: [provenance], reading: null });

  it('numbers works in the order of their first citation', () => {
    const text = writeMethods(document, 'markdown');
    expect(text).toMatch(/^## Networks and inputs$/m);
    const cited = [...text.matchAll(/\[(\d+(?:, \d+)*)\]/g)].flatMap(([, list]) =>
      list.split(', ').map(Number),
    );
    const firsts = [...new Set(cited)];
    expect(firsts).toEqual(firsts.map((_, at) => at + 1));
    expect(firsts).toHaveLength(document.references.length);
  });

  it('writes LaTeX without a bare special character, and cites only keys of the BibTeX', () => {
    const text = writeMethods(document, 'latex');
    expect(text).not.toMatch(/(?<!\\)[%&#]|(?<![\\])_(?!1\$)|[αλεμσΣ−²⁻⁸½≥‖₁×·]/);
    const keys = [...text.matchAll(/\\cite\{([^}]+)\}/g)].flatMap(([, list]) => list.split(','));
    const bibtex = bibtexOf(document);
    expect(keys.length).toBeGreaterThan(20);
    for (const key of keys) expect(bibtex).toMatch(new RegExp(`^@\\w+\\{${key},$`, 'm'));
    expect(bibtex.match(/\{/g)?.length).toBe(bibtex.match(/\}/g)?.length);
    expect(latexText('5 % of a_b')).toBe('5 \\% of a\\_b');
  });

  it('needs every work of the list, each with a way to find it', () => {
    expect([...document.references].sort()).toEqual(Object.keys(references).sort());
    for (const [key, work] of Object.entries<Reference>(references)) {
      if (work.type === 'book' || work.type === 'software') continue;
      expect(work.doi ?? work.arxiv, key).toMatch(/^(10\.\d{4,}\/\S+|\d{4}\.\d{5})$/);
    }
    expect(referenceText(references.jonker1987shortest)).toBe(
      'Jonker, R., Volgenant, A. (1987). A shortest augmenting path algorithm for dense and sparse linear assignment ' +
        'problems. Computing 38, 325–340. https://doi.org/10.1007/BF02278710',
    );
  });
});
