import { analysisNames, type AnalysisName, type SubspaceMethod } from '../../domain/recipe.ts';
import { headlineNumber, type ResultEntry } from '../../domain/result.ts';
import { cite, type Inline, type MethodsSection } from './document.ts';
import { certaintyParagraphs, manyNetworksParagraph } from './certainty-words.ts';
import { subspaceWords } from './subspace-words.ts';
import { andList, plainNumber, rangeOf, seedWords } from './words.ts';

/** Results of one analysis that were made with the same options. */
type Variant = readonly ResultEntry[];
type Say = (results: Variant) => Inline[][];

const headings: Record<AnalysisName, string> = {
  correlation: 'Correlation',
  matching: 'One-to-one matching',
  'mutual-information': 'Mutual information',
  'sparse-mapping': 'Sparse mapping (few-to-one)',
  'spectral-clusters': 'Spectral clustering (many-to-many)',
  subspaces: 'Shared subspaces',
  code: 'Local or distributed code',
  certainty: 'Certainty',
  neighbourhoods: 'Neighbourhood matches',
  'many-networks': 'More than two networks',
  'layer-map': 'Layer maps',
};

const sayings: Record<AnalysisName, Say> = {
  correlation: () => [
    [
      'The likeness of two units x and y was their Pearson correlation, r = E[(x − μx)(y − μy)] / (σx σy), within and ',
      'between networks.',
    ],
  ],
  matching,
  'mutual-information': mutualInformation,
  'sparse-mapping': sparseMapping,
  'spectral-clusters': clusters,
  subspaces: (results) => [
    subspaceWords(results, (results[0].params.methods as SubspaceMethod[] | undefined) ?? []),
  ],
  code,
  certainty: certaintyParagraphs,
  neighbourhoods,
  'many-networks': (results) => [manyNetworksParagraph(results)],
  'layer-map': layerMap,
};

/** One section for every analysis that was run, in the order of the ladder; nothing is said of the others. */
export function analysisSections(results: readonly ResultEntry[]): MethodsSection[] {
  return analysisNames.flatMap((name) => {
    const here = results.filter(({ analysis }) => analysis === name);
    if (here.length === 0) return [];
    const paragraphs = variantsOf(here).flatMap((some) => sayings[name](some));
    return paragraphs.length > 0 ? [{ heading: headings[name], paragraphs }] : [];
  });
}

/** What differs between results of one kind; `group` of clusters is said in one sentence. */
const notOptions = new Set(['sample', 'folds', 'networks', 'layers', 'group']);

/** Groups by options: one analysis may have been run in several ways. */
function variantsOf(results: readonly ResultEntry[]): ResultEntry[][] {
  const groups = new Map<string, ResultEntry[]>();
  for (const result of results) {
    const options = Object.entries(result.params).filter(([key]) => !notOptions.has(key));
    const key = JSON.stringify(options);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()];
}

const numbers = (value: unknown): number[] =>
  Array.isArray(value) ? value.filter((item): item is number => typeof item === 'number') : [];

function matching(results: Variant): Inline[][] {
  const isAbsolute = results[0].params.score === 'absolute-correlation';
  const score = isAbsolute ? 'absolute correlation |r|' : 'correlation';
  return [
    [
      'Each unit was given two partners in the other network ',
      cite('li2016convergent'),
      `: its semi-match, the unit with the largest ${score} (units of the other network may be taken more than once), `,
      `and its match under the one-to-one assignment with the largest sum of ${isAbsolute ? '|r|' : 'r'}, found exactly by shortest augmenting paths `,
      cite('jonker1987shortest', 'crouse2016implementing'),
      '. We report the mean over pairs of matched units, and the agreement: the share of matched units whose match is ',
      'also their semi-match.',
    ],
  ];
}

function mutualInformation(results: Variant): Inline[][] {
  const bins = results[0].params.bins;
  const edges = rangeOf(results, 'edgeSamples');
  const isSampled = results.some(
    ({ headline }) =>
      (headlineNumber(headline, 'edgeSamples') ?? 0) < (headlineNumber(headline, 'samples') ?? 0),
  );
  return [
    [
      `Mutual information, I = Σ p(x, y) ln[p(x, y) / (p(x) p(y))] in nats, was estimated for every pair of units from exact joint `,
      `counts of ${String(bins)} bins a unit, in a second pass over the data: values below 10⁻⁶ in a bin of their own and the rest in `,
      'equal-frequency bins for units without negative values, equal-frequency bins for others ',
      cite('li2016convergent'),
      edges
        ? `; bin edges came from ${isSampled ? `seeded uniform samples of ${edges}` : 'all'} values a unit. `
        : '. ',
      'Corrected values have the Miller–Madow bias taken off ',
      cite('roulston1999estimating'),
      '; the level of chance is that of the same counts with the inputs of one network shuffled. Units were semi-matched and ',
      'matched by mutual information as by correlation.',
    ],
  ];
}

function sparseMapping(results: Variant): Inline[][] {
  const { alphas, mode } = results[0].params;
  const list = andList(numbers(alphas).map(plainNumber));
  const penalty =
    mode === 'paper'
      ? `for decays λ of ${list}, with α = λ times the number of target units`
      : `for α of ${list}`;
  return [
    [
      'Every live unit y of one network was written as a sparse combination of the units x of the other, both standardised, by ',
      'minimising ½ E[(y − w·x)²] + α ‖w‖₁ ',
      cite('li2016convergent', 'tibshirani1996regression'),
      ` ${penalty}. The problems were solved exactly from the correlations by coordinate descent `,
      cite('friedman2010regularization'),
      ', to a duality gap of at most 10⁻⁸. The loss is ½ E[(y − w·x)²] (predicting nothing scores 0.5; R² = 1 − 2 loss). ',
      'Baselines are the best single source unit, unpenalised least squares, and as many random sources.',
      ...(rangeOf(results, 'alphaOneSe')
        ? [
            ' Losses were cross-validated over groups of inputs; α within one standard error of the best is marked.',
          ]
        : []),
    ],
  ];
}

const affinityWords: Record<string, string> = {
  abs: '|r|',
  positive: 'r where positive and 0 elsewhere',
  squared: 'r²',
  'mutual-information': 'mutual information',
};

function clusters(results: Variant): Inline[][] {
  const { affinity, k } = results[0].params;
  const groups = new Set(results.map(({ params }) => params.group));
  const of = [
    ...(groups.has('all') && groups.size === 1 ? [] : ['each pair of networks']),
    ...(groups.has('all') ? ['all networks together'] : []),
  ];
  const seed = seedWords(results);
  return [
    [
      `The live units of ${of.join(', and of ')} formed a graph with ${affinityWords[String(affinity)] ?? String(affinity)} as the weight of the edge between two units. Units were `,
      `clustered into ${andList(numbers(k).map(plainNumber))} groups by the smallest eigenvectors of the normalised Laplacian `,
      cite('shi2000normalized', 'luxburg2007tutorial'),
      `, with seeded k-means restarts${seed ? ` (${seed})` : ''} on the rows of unit length and a refinement that moves single units while the normalised cut falls `,
      cite('dhillon2007weighted'),
      '. Stability is the mean adjusted Rand index ',
      cite('hubert1985comparing'),
      affinity === 'mutual-information'
        ? ' with the clusters of random halves of the inputs.'
        : ' with the clusters of resampled groups of inputs.',
      ' A hierarchy is by Ward’s criterion on the same rows.',
    ],
  ];
}

function code(results: Variant): Inline[][] {
  const seed = seedWords(results);
  return [
    [
      'To ask whether single units or only the space they span are shared, the live, standardised units of one network were ',
      `turned by ${rangeOf(results, 'rotations') ?? String(results[0].params.rotations)} random rotations `,
      cite('stewart1980efficient'),
      `${seed ? ` (${seed})` : ''}, standardised again and matched as the units themselves were; we report mean and standard deviation over `,
      'rotations. Likeness after the best permutation, the best rotation and the best invertible maps was computed on the ',
      'standardised layers ',
      cite('khosla2023soft'),
      '.',
    ],
  ];
}

function neighbourhoods(results: Variant): Inline[][] {
  const list = andList(numbers(results[0].params.epsilons).map(plainNumber));
  return [
    [
      'Sets of units that express each other were found as ε-approximate matches of uncentred activation vectors ',
      cite('wang2018towards'),
      ` at ε = ${list}: the maximum match, its share of all units, and the smallest match that holds each unit.`,
    ],
  ];
}

function layerMap(results: Variant): Inline[][] {
  const isCka = results[0].params.score !== 'matching';
  return [
    [
      `Every layer of one network was compared with every layer of the other, each unit averaged to one value per input, by `,
      ...(isCka
        ? ['linear centred kernel alignment ', cite('kornblith2019similarity'), '.']
        : ['the mean correlation of their one-to-one matching ', cite('li2016convergent'), '.']),
    ],
  ];
}
