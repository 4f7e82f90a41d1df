import type { ProjectLayer, ProjectRun } from '../../domain/project.ts';
import { providerTitles } from '../../domain/provider.ts';
import type { Provenance } from '../../domain/result.ts';
import { cite, type Inline, type MethodsSection } from './document.ts';
import { maskWords, readingSteps, type InputReading } from './reading-words.ts';
import { andList, counted, countInWords, percentOf, plainNumber } from './words.ts';

export function networksSection(run: ProjectRun, reading: InputReading | null): MethodsSection {
  const names = run.networks.map(({ name }) => name);
  const question: Inline[] = [
    `We compared ${counted(names.length, 'network')} (${andList(names)}) on ${counted(run.data.images, 'input')}`,
    ' and asked whether they learned the same representations, following Li et al. ',
    cite('li2016convergent'),
    '. All networks read the same inputs in the same order.',
    ...skippedWords(run),
  ];
  return {
    heading: 'Networks and inputs',
    paragraphs: [[...question, ...readingWords(reading)]],
    list: [
      `Inputs: ${run.data.file}, SHA-256 ${run.data.sha256}`,
      ...run.networks.map(({ name, file, sha256 }) => `${name}: ${file}, SHA-256 ${sha256}`),
    ],
  };
}

function readingWords(reading: InputReading | null): string[] {
  if (!reading) return [];
  const steps = readingSteps(reading);
  const own = (reading.networks ?? []).map(({ name, preprocess }) => {
    const its = readingSteps(preprocess);
    return ` For ${name} they were ${its.length > 0 ? andList(its) : 'left as stored'}.`;
  });
  const given =
    steps.length === 0
      ? ' Values were given to the networks as stored.'
      : ` Inputs were ${andList(steps)} before they were given to the networks.`;
  return [given, ...own, maskWords(reading)];
}

function skippedWords({ data: { skipped } }: ProjectRun): string[] {
  if (!skipped || skipped.length === 0) return [];
  const files = skipped.map(({ name }) => name);
  const some = files.length > 10 ? [...files.slice(0, 10), `${files.length - 10} more`] : files;
  return [
    ` ${counted(files.length, 'image')} could not be read and ${files.length === 1 ? 'was' : 'were'} left out for all networks: ${andList(some)}.`,
  ];
}

const sampleWords: Record<string, string> = {
  position: 'each channel was a unit and each pair of an input and a spatial position a sample',
  image: 'each feature was a unit and each input a sample',
  'image-mean': 'each channel, averaged over positions, was a unit and each input a sample',
  'image-max': 'the largest value of each channel over positions was a unit and each input a sample',
  centre: 'the central position of each channel was a unit and each input a sample',
  'class-token': 'the first token (class token) of each feature was a unit and each input a sample',
  'last-token': 'the last token of each feature was a unit and each input a sample',
  flatten: 'each channel at each position was a unit and each input a sample',
  random:
    'each channel was a unit and each pair of an input and one of a random subset of positions (seeded, drawn for each input) a sample',
};

export function unitsSection(run: ProjectRun): MethodsSection {
  const kinds = [...new Set(run.layers.map(({ sample }) => sample))];
  const sampling = kinds.map((kind) => {
    const at = andList(run.layers.filter(({ sample }) => sample === kind).map(({ name }) => name));
    return `at ${at}, ${sampleWords[kind] ?? `samples were taken as "${kind}"`}`;
  });
  return {
    heading: 'Units and samples',
    paragraphs: [
      [
        `Units were compared at ${counted(run.layers.length, 'layer')}: ${sampling.join('; ')}. `,
        deadWords(run),
        ' Means and second moments of all units together were accumulated in double precision in one pass ',
        cite('chan1983algorithms'),
        '; everything that follows was computed from them unless another source is named.',
      ],
      foldWords(run),
    ],
    list: run.layers.map(layerLine),
  };
}

function layerLine({ name, units, samples, testSamples, tensors }: ProjectLayer): string {
  const counts = Object.entries(units);
  const isSame = counts.every(([, count]) => count === counts[0]?.[1]);
  const unitText = isSame
    ? `${plainNumber(counts[0]?.[1] ?? 0)} units in each network`
    : `${counts.map(([network, count]) => `${plainNumber(count)} units in ${network}`).join(', ')}`;
  const held = testSamples > 0 ? `, ${plainNumber(testSamples)} held out` : '';
  return `${name} (tensor ${[...new Set(Object.values(tensors))].join(', ')}): ${unitText}, ${plainNumber(samples)} samples${held}`;
}

function deadWords(run: ProjectRun): string {
  const dead = run.layers.flatMap(({ name, deadUnits }) =>
    Object.entries(deadUnits)
      .filter(([, count]) => count > 0)
      .map(([network, count]) => `${plainNumber(count)} of ${network} at ${name}`),
  );
  return dead.length === 0
    ? 'No unit was constant over the samples.'
    : `Units that were constant over the samples (${dead.join(', ')}) have correlation 0 by definition and were left out wherever units are standardised.`;
}

interface Folds {
  test: number;
  seed: number;
}

function foldWords(run: ProjectRun): Inline[] {
  const folds = run.results.map(({ params }) => params.folds).find(isFolds);
  const isHeldOut = run.layers.some(({ testSamples }) => testSamples > 0);
  if (!folds || !isHeldOut)
    return ['No inputs were held out: all analyses were fitted and scored on the same inputs.'];
  return [
    `A random ${percentOf(folds.test)} of the inputs (seed ${folds.seed}) were held out, whole inputs at a time, so that positions `,
    'of one image never stand on both sides. Everything was fitted on the other inputs; numbers called held-out were ',
    'computed on the held-out inputs with what the others had given.',
  ];
}

function isFolds(value: unknown): value is Folds {
  return typeof value === 'object' && value !== null && 'test' in value && 'seed' in value;
}

/** What ran it: taken from the provenance of the stored results. */
export function softwareSection(run: ProjectRun, provenance: readonly Provenance[]): MethodsSection | null {
  if (provenance.length === 0) return null;
  const versions = (key: string) => [
    ...new Set(provenance.map(({ software }) => software[key]).filter(Boolean)),
  ];
  const ran = run.networks.filter(({ provider }) => provider.used !== 'saved');
  const providers = [...new Set(ran.map(({ provider }) => providerTitles[provider.used]))];
  const algebra = [...new Set(provenance.map(({ linearAlgebra }) => linearAlgebra).filter(Boolean))];
  const runtime = ['onnxruntime', 'node']
    .map((key) => ({ key, found: versions(key) }))
    .filter(({ found }) => found.length > 0);
  const names: Record<string, string> = { onnxruntime: 'ONNX Runtime', node: 'Node.js' };
  return {
    heading: 'Software',
    paragraphs: [
      [
        `All analyses were computed with Consilience ${andList(versions('consilience'))} `,
        cite('consilience'),
        ranWords(
          run,
          runtime.map(({ key, found }) => `${names[key]} ${andList(found)}`).join(' under '),
          providers,
        ),
        `; linear algebra was by ${andList(algebra)}. `,
        'Every stored result names its models, its data and the order of its inputs by hash.',
      ],
    ],
  };
}

/** Who ran what: networks whose activations had been saved were not run again. */
function ranWords(run: ProjectRun, runtime: string, providers: readonly string[]): string {
  const saved = run.networks.filter(({ provider }) => provider.used === 'saved').map(({ name }) => name);
  const ran = `. The networks were run by ${runtime} on ${andList(providers)}`;
  if (saved.length === 0) return ran;
  const read = `activations of ${andList(saved)} had been saved before and were read from ${saved.length === 1 ? 'its file' : 'their files'}`;
  return saved.length === run.networks.length ? `. The ${read}` : `${ran}; ${read}`;
}

/** `every pair of the four networks`, or the pairs by name where only some were compared. */
export function pairWords(run: ProjectRun): string {
  const pairs = new Set(
    run.results
      .filter(({ a, b, params }) => a.network !== b.network && !Array.isArray(params.networks))
      .map(({ a, b }) => `${a.network} and ${b.network}`),
  );
  const count = run.networks.length;
  if (count === 2 && pairs.size === 1) return 'the two networks';
  if (pairs.size === (count * (count - 1)) / 2) return `every pair of the ${countInWords(count)} networks`;
  return [...pairs].join('; ');
}
