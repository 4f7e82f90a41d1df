import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResultEntry } from '#core/domain/result.ts';
import type { PageData } from '#core/figure/data.ts';
import { pageSpecSchema, panelKindNames } from '#core/figure/spec.ts';
import { openDatabase } from '#main/database/client.ts';
import { pageFigure } from '#main/export/page-figure.ts';
import { panelChoices } from '#main/export/panel-choices.ts';
import { panelResults } from '#main/export/panel-results.ts';
import { RunSource } from '#main/export/sources/run-source.ts';
import { runCommand } from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';

const analyses = [
  'correlation',
  'matching',
  'certainty',
  'mutual-information',
  'sparse-mapping',
  'spectral-clusters',
  '{spectral-clusters: {group: all, affinity: mutual-information}}',
  '{subspaces: [cca, svcca, pwcca, cka, procrustes, dimensionality, regression, soft-matching, principal-angles, shared-dimensions, rbf-cka, rsa]}',
  'code',
  'neighbourhoods',
  'many-networks',
  'layer-map',
];

/** Of the command line's interface. */
const keys: Record<string, string[]> = {
  correlation: ['samples', 'unitsA', 'unitsB', 'deadA', 'deadB'],
  matching: ['semiMean', 'matchMean', 'agreement'],
  'mutual-information': ['semiMean', 'matchMean', 'samples'],
  'sparse-mapping': ['leastSquaresLoss'],
  subspaces: [
    'ccaMean',
    'svccaMean',
    'pwccaAB',
    'pwccaBA',
    'linearCka',
    'debiasedCka',
    'procrustesAngular',
    'participationRatioA',
    'participationRatioB',
  ],
  code: ['matchMean', 'rotatedMean', 'rotatedStd', 'permutationScore', 'rotationScore', 'linearScore'],
};

async function ladder(threads: number): Promise<ResultEntry[]> {
  const recipe = writeRecipe(folder, {
    networks: ['Net1', 'Net2', 'Net3'],
    layers: ['conv3'],
    analyses,
    limit: 160,
  });
  const project = join(folder, `ladder-${threads}.consilience`);
  const done = await runCommand(['run', recipe, '--project', project, '--threads', String(threads)]);
  expect(done.stderr).not.toMatch(/error/i);
  expect(done.status).toBe(0);
  const { stdout } = await runCommand(['results', project, '--json']);
  return JSON.parse(stdout) as ResultEntry[];
}

const folder = mkdtempSync(join(tmpdir(), 'consilience-ladder-'));
let results: ResultEntry[];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  results = await ladder(2);
}, 120_000);

describe('the whole ladder on trained networks', () => {
  it('makes a result for every pair, group and layer map', () => {
    const count = (analysis: string) => results.filter((entry) => entry.analysis === analysis).length;
    for (const analysis of ['correlation', 'certainty', 'sparse-mapping', 'subspaces', 'code', 'layer-map'])
      expect([analysis, count(analysis)]).toEqual([analysis, 3]);
    expect(count('spectral-clusters')).toBe(4);
    expect(count('many-networks')).toBe(1);
    const group = results.find((entry) => entry.analysis === 'many-networks');
    expect(group?.params.networks).toEqual(['Net1', 'Net2', 'Net3']);
    expect(results.find((entry) => entry.analysis === 'layer-map')?.a.layer).toBe('all layers');
  });

  it('has the headline keys of the interface', () => {
    for (const { analysis, headline } of results) {
      for (const key of keys[analysis] ?? [])
        expect(headline[key], `${analysis}.${key}`).toEqual(expect.any(Number));
    }
    const of = (analysis: string) => results.find((entry) => entry.analysis === analysis)?.headline ?? {};
    const points = of('sparse-mapping').points as Record<string, number>[];
    expect(points.map((point) => point.alpha)).toEqual([0.3, 0.1, 0.03, 0.01, 0.003, 0.001]);
    for (const point of points) {
      for (const key of ['loss', 'heldOutLoss', 'sourcesMean', 'sourcesMedian', 'dualityGap'])
        expect(point[key], key).toEqual(expect.any(Number));
      expect(point.dualityGap).toBeLessThanOrEqual(1e-6);
    }
    expect(of('spectral-clusters').eigenvalues).toHaveLength(10);
    expect((of('spectral-clusters').cuts as Record<string, number>[]).map(({ k }) => k)).toEqual([4, 8]);
    expect(of('subspaces').ccaTop).toHaveLength(5);
  });

  it('agrees with itself: one matching, likenesses in their order, certainty about the same numbers', () => {
    const of = (analysis: string) =>
      results.find((entry) => entry.analysis === analysis && entry.b.network === 'Net2')?.headline as Record<
        string,
        number
      >;
    expect(of('certainty').matchMean).toBeCloseTo(of('matching').matchMean, 12);
    expect(of('certainty').matchMeanLow).toBeLessThan(of('matching').matchMean);
    expect(of('certainty').matchMeanHigh).toBeGreaterThan(of('matching').matchMean);
    expect(of('certainty').nullMatchMean).toBeLessThan(of('matching').matchMean);
    expect(of('code').permutationScore).toBeLessThanOrEqual(of('code').rotationScore);
    expect(of('subspaces').softMatching).toBeCloseTo(of('matching').matchMean, 10);
    expect(of('mutual-information').nullMean).toBeLessThan(of('mutual-information').matchMean);
  });

  it('names what a panel would be drawn from without drawing it, for every kind', async () => {
    const database = await openDatabase(join(folder, 'ladder-2.consilience'), 'open');
    const checked: string[] = [];
    try {
      const [{ id }] = (await database.methods.summary()).runs;
      const choices = await panelChoices(database.methods, id, {});
      for (const { kind, isAvailable } of choices) {
        const page = pageSpecSchema.parse({ version: 1, kind: 'page', preset: 'thesis', panels: [{ kind }] });
        const drawing = pageFigure(database.methods, page);
        if (!isAvailable) {
          await expect(drawing, kind).rejects.toMatchObject({ code: 'not-found' });
          continue;
        }
        const { data } = (await drawing) as { data: PageData };
        const source = await RunSource.open(database.methods);
        const named = panelResults(source, page.panels[0], source.placeOf()).map((entry) => entry.id);
        const read = data.provenance.resultIds;
        if (kind === 'neighbourhood-curve') expect(read, kind).toEqual(expect.arrayContaining(named));
        else expect([...new Set(named)].sort(), kind).toEqual([...read].sort());
        checked.push(kind);
      }
    } finally {
      await database.close();
    }
    expect(checked.length).toBeGreaterThan(panelKindNames.length - 3);
  });

  it('is the same for one thread and two', async () => {
    const one = await ladder(1);
    const heads = (entries: ResultEntry[]) => new Map(entries.map(({ id, headline }) => [id, headline]));
    expect(heads(one)).toEqual(heads(results));
  }, 120_000);
});
