import type { CheckedValue } from '../domain/validation.ts';
import type { LinearAlgebra } from '../numeric/linear-algebra/linear-algebra.ts';
import {
  canonicalCorrelations,
  projectionWeightedMean,
} from '../numeric/subspaces/canonical-correlations.ts';
import { debiasedLinearCka, linearCka } from '../numeric/subspaces/linear-cka.ts';
import { componentsFor } from '../numeric/subspaces/principal-components.ts';
import { procrustesLikeness } from '../numeric/subspaces/procrustes.ts';
import { rbfCka, representationalSimilarity } from '../numeric/subspaces/sample-likeness.ts';
import { decomposition, rounding, type Check } from './check.ts';
import { componentsOf, normProducts, type TwoSided } from './samples.ts';

const data = 'Data of google-research/representation_similarity, Demo.ipynb (seed 1337)';
const kornblith = `Kornblith et al. 2019, arXiv 1905.00414. ${data}`;
const raghu = `google/svcca (Raghu et al. 2017, arXiv 1706.05806). ${data}`;
const morcos = `Morcos et al. 2018, arXiv 1806.05759, equation 3. ${data}`;
const netrep = `ahwillia/netrep (Williams et al. 2021, arXiv 2110.14739). ${data}`;
const rsa = `Kriegeskorte et al. 2008, doi:10.3389/neuro.06.004.2008, with scipy. ${data}`;
const hotelling = `Hotelling 1936, doi:10.1093/biomet/28.3-4.321, with numpy. ${data}`;

const products = {
  tolerance: 1e-11,
  reason: 'Sums of products over 100 samples in another order: only rounding may differ.',
};

/** Subspace quantities of `cka_demo_1337.json`: 100 samples of 10 and 10 units. */
export function subspaceChecks(of: TwoSided): Check[] {
  return [...kernelChecks(of), ...canonicalChecks(of), ...shapeChecks(of)];
}

/** Reads as one line a check; the compute function comes last. */
function line(
  key: string,
  quantity: string,
  method: Check['method'],
  bound: { tolerance: number; reason: string },
  source: string,
  compute: (algebra: LinearAlgebra) => Promise<CheckedValue> | CheckedValue,
): Check {
  return { path: ['expected', key], quantity, method, ...bound, source, compute };
}

function kernelChecks(of: TwoSided): Check[] {
  const { n, p, q, x, y, pair } = of;
  const rbf = (width: number) => (algebra: LinearAlgebra) => rbfCka(n, p, x, q, y, width, algebra);
  const debiased = () => debiasedLinearCka(pair, normProducts(of)) ?? NaN;
  return [
    line('linear_cka', 'Linear CKA', 'linearCka', products, kornblith, () => linearCka(pair)),
    line('linear_cka_debiased', 'Linear CKA, debiased', 'debiasedCka', products, kornblith, debiased),
    line('rbf_cka_thr0.5', 'RBF CKA, width 0.5 of the median', 'rbfCka', products, kornblith, rbf(0.5)),
    line('rbf_cka_thr1.0', 'RBF CKA, width 1 of the median', 'rbfCka', products, kornblith, rbf(1)),
  ];
}

function canonicalChecks(of: TwoSided): Check[] {
  const { p, pair } = of;
  const all = async (algebra: LinearAlgebra) => {
    const { x, y } = await componentsOf(of, algebra);
    return canonicalCorrelations(pair, x, y, algebra);
  };
  const rho = async (algebra: LinearAlgebra) => [...(await all(algebra)).rho];
  const mean = async (algebra: LinearAlgebra) => (await all(algebra)).mean;
  const meanSquare = async (algebra: LinearAlgebra) => {
    const found = await rho(algebra);
    return found.reduce((sum, value) => sum + value * value, 0) / found.length;
  };
  const angle = async (algebra: LinearAlgebra) => Math.acos(await mean(algebra));
  const weighted = async (algebra: LinearAlgebra) => {
    const cca = await all(algebra);
    return projectionWeightedMean(cca.rho, cca.x, p, pair.xx, algebra);
  };
  const regularised = {
    tolerance: 1e-9,
    reason: 'google/svcca adds 1e-10 to the covariance, which moves its values by that much.',
  };
  const method = 'canonical';
  return [
    line('cca_rho_centered', 'Canonical correlations', method, decomposition, hotelling, rho),
    line('svcca_repo_cca_coef1', 'Canonical correlations of google/svcca', method, regularised, raghu, rho),
    line('mean_cca_centered', 'Mean canonical correlation', method, decomposition, hotelling, mean),
    line('mean_sq_cca_centered', 'Mean squared correlation', method, decomposition, kornblith, meanSquare),
    line('cca_angular_netrep_alpha0', 'Arccosine of the mean', method, decomposition, netrep, angle),
    line('pwcca_paper_centered_X_Y', 'PWCCA, as in the paper', 'pwcca', decomposition, morcos, weighted),
    line('svcca_0.9_variance(s^2)', svccaTitle('90 %'), 'svcca', decomposition, raghu, svcca(of, 0.9)),
    line('svcca_0.99_variance', svccaTitle('99 %'), 'svcca', decomposition, raghu, svcca(of, 0.99)),
  ];
}

const svccaTitle = (share: string) => `SVCCA at ${share} of the variance, and its two dimensions`;

function svcca(of: TwoSided, share: number) {
  return async (algebra: LinearAlgebra) => {
    const { x, y } = await componentsOf(of, algebra);
    const keep = [componentsFor(share, x.values), componentsFor(share, y.values)];
    const { mean } = await canonicalCorrelations(of.pair, x, y, algebra, keep[0], keep[1]);
    return [mean, ...keep];
  };
}

function shapeChecks(of: TwoSided): Check[] {
  const { n, p, q, x, y, pair } = of;
  const likeness = (algebra: LinearAlgebra) => procrustesLikeness(pair, algebra);
  const angle = async (algebra: LinearAlgebra) => Math.acos(await likeness(algebra));
  const matrices = (algebra: LinearAlgebra) => representationalSimilarity(n, p, x, q, y, algebra);
  const pearson = async (algebra: LinearAlgebra) => (await matrices(algebra)).pearson;
  const spearman = async (algebra: LinearAlgebra) => (await matrices(algebra)).spearman;
  return [
    line(
      'procrustes_nuclear_normalised',
      'Procrustes, normalised nuclear norm',
      'procrustes',
      decomposition,
      netrep,
      likeness,
    ),
    line('procrustes_angular_netrep_alpha1', 'Procrustes, angle', 'procrustes', decomposition, netrep, angle),
    line('rsa_corrRDM_pearson', 'RSA, Pearson', 'rsa', products, rsa, pearson),
    line('rsa_corrRDM_spearman', 'RSA, Spearman', 'rsa', rounding, rsa, spearman),
  ];
}
