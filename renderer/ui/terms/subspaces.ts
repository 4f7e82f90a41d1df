import type { Terms } from './term.ts';

/** Subspaces, and the frames that units are shown in (methods, section 6). */
export const subspacesTerms = {
  cca: {
    label: 'CCA',
    text: 'Correlations of the best matched directions of the two spaces, one after the other.',
    formula: 'ρ = max corr(Xu, Yv)',
  },
  svcca: {
    label: 'SVCCA',
    text: 'CCA after leaving out the directions of small variance.',
    formula: 'mean ρ of CCA on the leading components that hold the chosen share of variance',
  },
  pwcca: {
    label: 'PWCCA',
    text: 'CCA with directions weighted by how much of the units they carry.',
    formula: 'Σ wᵢ ρᵢ / Σ wᵢ, wᵢ = Σⱼ |⟨variateᵢ, unitⱼ⟩|',
  },
  cka: {
    label: 'linear CKA',
    text: 'How alike the two networks arrange the inputs; large directions count most.',
    formula: '‖XᵀY‖²_F / (‖XᵀX‖_F ‖YᵀY‖_F), columns centred',
  },
  debiasedCka: {
    label: 'debiased CKA',
    text: 'CKA with the bias of few samples taken off.',
    formula: 'HSIC₁(X, Y) / √(HSIC₁(X, X) HSIC₁(Y, Y)), HSIC₁ unbiased',
  },
  rbfCka: {
    label: 'RBF CKA',
    text: 'CKA with a Gaussian kernel between samples: near samples count most. On a seeded subset of the samples.',
    formula: 'HSIC(K, L) / √(HSIC(K, K) HSIC(L, L)), K = exp(−d² / 2σ²), σ ∝ median d',
  },
  rsa: {
    label: 'RSA',
    text: 'How alike the two networks’ dissimilarities between samples are. On a seeded subset of the samples.',
    formula: 'corr(D_X, D_Y), D(s, t) = 1 − r(sample s, sample t)',
  },
  procrustes: {
    label: 'Procrustes angle',
    text: 'The angle that is left after the best rotation of one space onto the other. 0 = the same.',
    formula: 'arccos( ‖XᵀY‖∗ / (‖X‖_F ‖Y‖_F) )',
  },
  participation: {
    label: 'participation ratio',
    text: 'How many directions the activity of a layer really uses.',
    formula: '(Σλ)² / Σλ²',
  },
  principalAngle: {
    label: 'principal angles',
    text: 'Angles between the spaces of the leading components of both networks, smallest first. 0 = a common direction, 90° = nothing in common.',
    formula: 'arccos ρᵢ of the leading components',
  },
  softMatching: {
    label: 'soft matching',
    text: 'Mean correlation of the best transport of the units of one network onto the other’s, equal weights.',
    formula: 'max over transports T of Σ T(i, j) r(i, j)',
  },
  regression: {
    label: 'regression',
    text: 'Part of the variance of all units of one network that the best linear map of the other explains.',
    formula: 'R² = 1 − Σ|y − ŷ|² / Σ|y − ȳ|²',
  },
  componentsHeld: {
    label: 'components',
    text: 'The fewest leading principal components that hold this share of the variance.',
    formula: 'min k: Σᵢ≤ₖ λᵢ ≥ share · Σ λᵢ',
  },
  alignedFrame: {
    label: 'aligned frame',
    text: 'A unit’s place is its correlation with directions both networks share: the middles of pairs of canonical variates. Its squared distance from the middle is the share of its variance that the three explain. Axes are in order of ρ; their signs are free.',
    formula: 'x_i(u) = corr(u, (hᵢ + gᵢ) / |hᵢ + gᵢ|)',
  },
  ownFrame: {
    label: 'own frame',
    text: 'Each network apart: a unit’s place is its correlation with its own network’s principal components. The axes of the two are unrelated; places may be compared within a network only.',
    formula: 'x_k(u) = corr(u, v_kᵀ x) = v_ku √(λ_k / Var u)',
  },
  profileFrame: {
    label: 'profile frame',
    text: 'A unit’s profile is its correlation with every unit of the networks shown. Shown are the profiles’ leading principal components, centred, scaled alike on all axes.',
    formula: 'H C v_k, H takes column means off',
  },
  umapFrame: {
    label: 'UMAP frame',
    text: 'Laid out from the 15 nearest profiles of every unit (seeded, least distance .3). Only who is near whom means something: not axes, not sizes, not distances between groups. It may show groups that are not there.',
    formula: 'UMAP (McInnes, Healy & Melville 2018) of |C_u − C_v|',
  },
} as const satisfies Terms;
