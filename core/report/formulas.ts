import type { AnalysisName } from '../domain/recipe.ts';
import { raw } from './html.ts';
import type { Html } from './html.ts';

/** Formulas as MathML Core, which browsers set without any script or font of ours. */

const mi = (name: string): string => `<mi>${name}</mi>`;
const mn = (value: string): string => `<mn>${value}</mn>`;
const mo = (sign: string): string => `<mo>${sign}</mo>`;
const row = (...parts: string[]): string => `<mrow>${parts.join('')}</mrow>`;
const sub = (base: string, index: string): string => `<msub>${base}${index}</msub>`;
const sup = (base: string, power: string): string => `<msup>${base}${power}</msup>`;
const over = (top: string, bottom: string): string => `<mfrac>${top}${bottom}</mfrac>`;
const root = (inside: string): string => `<msqrt>${inside}</msqrt>`;
const under = (word: string, below: string): string => `<munder>${mo(word)}${below}</munder>`;
const group = (...parts: string[]): string => row(mo('('), ...parts, mo(')'));
const mean = (...parts: string[]): string => row(mi('E'), mo('['), ...parts, mo(']'));
const norm = (inside: string): string => row(mo('‖'), inside, mo('‖'));
const ij = row(mi('i'), mi('j'));

const equation = (...parts: string[]): Html =>
  raw(`<math display="block" xmlns="http://www.w3.org/1998/Math/MathML">${row(...parts)}</math>`);

const centred = (value: string, index: string, centre: string): string =>
  group(sub(mi(value), mi(index)), mo('−'), sub(mi(centre), mi(index)));

const correlation = equation(
  sub(mi('r'), ij),
  mo('='),
  over(
    mean(centred('X', 'i', 'μ'), centred('Y', 'j', 'ν')),
    row(sub(mi('σ'), mi('i')), sub(mi('τ'), mi('j'))),
  ),
);

const matching = equation(
  sub(mi('s'), mi('i')),
  mo('='),
  under('max', mi('j')),
  sub(mi('r'), ij),
  mo(','),
  mi('π'),
  mo('='),
  mo('arg'),
  under('max', row(mi('π'), mo(':'), mi('A'), mo('→'), mi('B'))),
  under('∑', mi('i')),
  sub(mi('r'), row(mi('i'), mi('π'), group(mi('i')))),
);

const information = equation(
  mi('I'),
  mo('='),
  under('∑', ij),
  sub(mi('p'), ij),
  mo('ln'),
  over(sub(mi('p'), ij), row(sub(mi('p'), mi('i')), sub(mi('p'), mi('j')))),
);

const mapping = equation(
  under('min', mi('w')),
  over(mn('1'), mn('2')),
  mean(sup(group(mi('y'), mo('−'), mi('w'), mo('·'), mi('x')), mn('2'))),
  mo('+'),
  mi('α'),
  sub(norm(mi('w')), mn('1')),
);

const clusters = equation(
  mi('L'),
  mo('='),
  mi('I'),
  mo('−'),
  sup(mi('D'), row(mo('−'), mn('1/2'))),
  mi('W'),
  sup(mi('D'), row(mo('−'), mn('1/2'))),
  mo(','),
  mi('Ncut'),
  mo('='),
  under('∑', mi('S')),
  over(
    row(mi('cut'), group(mi('S'), mo(','), `<mover>${mi('S')}${mo('¯')}</mover>`)),
    row(mi('vol'), group(mi('S'))),
  ),
);

const frobenius = (pair: string): string => `<msub>${norm(sub(mi('C'), mi(pair)))}${mi('F')}</msub>`;

const subspaces = equation(
  mi('CKA'),
  mo('='),
  over(sup(frobenius('xy'), mn('2')), row(frobenius('xx'), frobenius('yy'))),
);

const code = equation(
  mi('z'),
  mo('='),
  over(row(sub(mi('r'), mi('units')), mo('−'), sub(mi('r'), mi('rotated'))), sub(mi('s'), mi('rotated'))),
);

const certainty = equation(
  mi('t'),
  mo('='),
  over(
    row(mi('r'), mo('−'), sub(mi('m'), mn('0'))),
    row(mi('s'), root(row(mn('1'), mo('+'), mn('1'), mo('/'), mi('S')))),
  ),
);

const convergence = equation(
  mi('convergence'),
  group(mi('u')),
  mo('='),
  over(mi('networks that hold u'), row(mi('networks'), mo('−'), mn('1'))),
);

export interface NamedFormula {
  analysis: AnalysisName;
  name: string;
  formula: Html;
  /** What the letters are. */
  where: string;
}

export const formulas: NamedFormula[] = [
  {
    analysis: 'correlation',
    name: 'Correlation',
    formula: correlation,
    where:
      'X, Y units of the two networks; μ, ν their means, σ, τ their standard deviations over all samples',
  },
  {
    analysis: 'matching',
    name: 'Semi-match and match',
    formula: matching,
    where:
      's the largest correlation of a unit, its partner free; π the one-to-one assignment with the largest sum',
  },
  {
    analysis: 'certainty',
    name: 'Above chance',
    formula: certainty,
    where:
      'm₀ the mean of the pair over S shuffles of the images, s its deviation shrunk towards that of all pairs',
  },
  {
    analysis: 'mutual-information',
    name: 'Mutual information',
    formula: information,
    where: 'p the shares of samples in the bins of two units; in nats',
  },
  {
    analysis: 'sparse-mapping',
    name: 'Sparse mapping',
    formula: mapping,
    where: 'y a unit of B, x the units of A, all standardised; R² = 1 − 2 loss',
  },
  {
    analysis: 'spectral-clusters',
    name: 'Spectral clusters',
    formula: clusters,
    where: 'W the affinity of the units of both networks, D its row sums, S a cluster',
  },
  {
    analysis: 'subspaces',
    name: 'Linear CKA',
    formula: subspaces,
    where: 'C the covariances within and between the two layers',
  },
  {
    analysis: 'code',
    name: 'Local or distributed',
    formula: code,
    where: 'mean match of the units themselves, and mean and deviation after random rotations of one network',
  },
  {
    analysis: 'many-networks',
    name: 'Convergence',
    formula: convergence,
    where: 'a network holds u where its match of u passes the threshold',
  },
];
