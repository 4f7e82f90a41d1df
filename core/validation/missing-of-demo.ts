import type { Missing } from './check.ts';

const source = 'cka_demo_1337.json: google-research, svcca, resi and platonic-rep scripts on the same data';

/** Numbers of `cka_demo_1337.json` that no method of this program gives, and why. */
export const missingOfDemo: Missing[] = [
  {
    path: ['expected', 'mean_sq_cca_uncentered'],
    quantity: 'Mean squared correlation, not centred',
    method: 'canonical',
    reason: 'Units are always centred here: without it a common mean counts as likeness.',
    source,
  },
  {
    path: ['expected', 'svcca_0.9_sumS(google tutorial conv.)'],
    quantity: 'SVCCA at 90 % of the sum of singular values',
    method: 'svcca',
    reason:
      'The threshold here is a share of the variance, as in the paper, not of the sum of singular values.',
    source,
  },
  {
    path: ['expected', 'pwcca_google_X_Y'],
    quantity: 'PWCCA of google/svcca, X to Y',
    method: 'pwcca',
    reason:
      'That code weighs along directions it has not whitened, with the means added back; the weights here are those of the paper.',
    source,
  },
  {
    path: ['expected', 'pwcca_google_Y_X'],
    quantity: 'PWCCA of google/svcca, Y to X',
    method: 'pwcca',
    reason:
      'That code weighs along directions it has not whitened, with the means added back; the weights here are those of the paper.',
    source,
  },
  {
    path: ['expected', 'minibatch_cka_4x25'],
    quantity: 'Minibatch CKA, 4 batches of 25',
    method: 'debiasedCka',
    reason: 'An estimate for data that do not fit in memory; moments of all samples are exact at any size.',
    source,
  },
  {
    path: ['expected', 'minibatch_cka_10x10'],
    quantity: 'Minibatch CKA, 10 batches of 10',
    method: 'debiasedCka',
    reason: 'An estimate for data that do not fit in memory; moments of all samples are exact at any size.',
    source,
  },
  {
    path: ['expected', 'cka_hsic1_last_batch_only'],
    quantity: 'CKA of the last batch alone',
    method: 'debiasedCka',
    reason: 'One batch of the samples, which leaves out the others; moments here are of all samples.',
    source,
  },
  {
    path: ['expected', 'cka_hsic1_mean_of_batches'],
    quantity: 'CKA, mean of batches',
    method: 'debiasedCka',
    reason: 'An estimate for data that do not fit in memory; moments of all samples are exact at any size.',
    source,
  },
  {
    path: ['expected', 'mutual_knn_k10_innerproduct(platonic)'],
    quantity: 'Mutual nearest neighbours, inner product',
    method: 'neighbours',
    reason: 'Nearest neighbours of samples are not a method of this program.',
    source,
  },
  {
    path: ['expected', 'mutual_knn_k10_cosine'],
    quantity: 'Mutual nearest neighbours, cosine',
    method: 'neighbours',
    reason: 'Nearest neighbours of samples are not a method of this program.',
    source,
  },
  {
    path: ['expected', 'jaccard_k10_cosine(resi)'],
    quantity: 'Jaccard likeness of nearest neighbours',
    method: 'neighbours',
    reason: 'Nearest neighbours of samples are not a method of this program.',
    source,
  },
  {
    path: ['expected', 'mi_hist10_nats_X0_Y0'],
    quantity: 'Mutual information, ten bins of equal width, X0 and Y0',
    method: 'information',
    reason: 'Bins here hold equally many values, as in the paper; bins of equal width are not offered.',
    source,
  },
  {
    path: ['expected', 'mi_hist10_nats_X0_Y1'],
    quantity: 'Mutual information, ten bins of equal width, X0 and Y1',
    method: 'information',
    reason: 'Bins here hold equally many values, as in the paper; bins of equal width are not offered.',
    source,
  },
  {
    path: ['expected', 'mi_miller_madow_correction_nats'],
    quantity: 'Miller-Madow correction',
    method: 'information',
    reason: 'A formula in words, not a number to compare with.',
    source,
  },
  {
    path: ['expected', 'spectral', 'normalized_laplacian_eigs_first5'],
    quantity: 'Smallest eigenvalues of the normalised Laplacian, units joined to themselves',
    method: 'clusters',
    reason:
      'The published graph joins every unit to itself (a diagonal of ones), which moves the eigenvalues; graphs here have a zero diagonal. The clusters of the same data are checked.',
    source: 'numpy: three planted groups of eight units, 500 samples, RandomState(0)',
  },
];
