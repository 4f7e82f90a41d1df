import type { InformationUnit } from './information-unit.ts';

/** Terms of art: what they mean, and their formula (methods, sections 1 and 2). */
export const terms = {
  correlation: {
    label: 'correlation',
    text: 'How alike two units respond: 1 = in proportion, 0 = unrelated, −1 = opposite. A dead unit has 0.',
    formula: 'r = E[(x − μx)(y − μy)] / (σx σy)',
  },
  semiMatch: {
    label: 'semi-match',
    text: 'For each unit of A, the unit of B with the largest score: correlation, unless information is matched. A unit of B may be taken more than once.',
    formula: 's(i) = argmaxⱼ r(i, j)',
  },
  match: {
    label: 'match',
    text: 'The one-to-one pairing with the largest total score (correlation, unless information is matched); each unit of B is used at most once.',
    formula: 'max over π of Σᵢ r(i, π(i))',
  },
  agreement: {
    label: 'agreement',
    text: 'Share of matched units whose match is also their semi-match: the unit of B they correlate with most.',
    formula: '#{i : π(i) = s(i)} / #{i matched}',
  },
  deadUnit: {
    label: 'dead units',
    text: 'Units that give the same value for every sample. Their correlations are 0 by definition here.',
    formula: 'σ = 0',
  },
  fold: {
    label: 'fold',
    text: 'A part of the images kept apart, so that what is found on one part can be checked on another.',
    formula: 'images = train ∪ test, split by image',
  },
  score: {
    label: 'score',
    text: 'What the match adds up: the correlation as it is, or its size, so that opposite units may match.',
    formula: 'r(i, j), or |r(i, j)|',
  },
  provider: {
    label: 'provider',
    text: 'What runs the networks. The fastest one that works here is used, and the result says which it was.',
    formula: 'asked → used, with the reason where they differ',
  },
  samples: {
    label: 'samples',
    text: 'Values per unit. In a convolutional layer every position of every image is one sample.',
    formula: 'N = images × positions',
  },
  matchMean: {
    label: 'mean match',
    text: 'Mean score over the matched pairs.',
    formula: 'mean of r(i, π(i))',
  },
  semiMean: {
    label: 'mean semi-match',
    text: 'Mean over all units of A of the score of their best partner; a dead unit counts 0.',
    formula: 'mean of maxⱼ r(i, j)',
  },
  heldOut: {
    label: 'held-out match',
    text: 'The same pairs scored on images that had no part in choosing them.',
    formula: 'mean of r_test(i, π_train(i))',
  },
  interval: {
    label: 'interval',
    text: 'Range that holds the mean in the given share of resamples of whole images; the pairs are kept.',
    formula: 'percentiles of mean r*(i, π(i)) over resamples of groups of images',
  },
  nullMatch: {
    label: 'null match',
    text: 'Mean match when the images of the two networks are shuffled against each other: what chance gives.',
    formula: 'mean of r(i, π(i)) over shuffles',
  },
  stability: {
    label: 'stability',
    text: 'Share of resamples of the images in which a unit keeps its partner.',
    formula: 'P(π*(i) = π(i))',
  },
  discoveries: {
    label: 'discoveries',
    text: 'Pairs of units whose correlation chance does not explain, with the expected share of false ones held down.',
    formula: '#{(i, j) : q(i, j) ≤ FDR}, Benjamini–Hochberg over all pairs',
  },
  noiseCeiling: {
    label: 'noise ceiling',
    text: 'The highest structure score that the noise between halves of the data leaves likely. It does not bound the mean match.',
    formula: '√( corr(C_A1, C_A2) · corr(C_B1, C_B2) ), 1 and 2 halves of the images',
  },
  effectiveSamples: {
    label: 'effective samples',
    text: 'Independent samples that would scatter as widely as these do; neighbouring positions are alike.',
    formula: '1 / mean over pairs of Var(r under shuffled images)',
  },
  mutualInformation: {
    label: 'mutual information',
    text: 'How much one unit tells of the other, linear or not, in nats (1 nat = 1.44 bits), from values sorted into bins. 0 = independent.',
    formula: 'I = Σ p(x, y) ln[p(x, y) / (p(x) p(y))]',
  },
  corrected: {
    label: 'corrected',
    text: 'With the bias of few samples taken off (Miller–Madow). K counts the occupied cells of the joint table and of its two sides.',
    formula: 'I − (Kxy − Kx − Ky + 1) / (2N)',
  },
  pValue: {
    label: 'p-value',
    text: 'How likely chance alone gives a correlation at least this large: images shuffled against each other where Certainty was run, else Student’s t with the effective number of samples. One-sided.',
    formula: 'P(r₀ ≥ r)',
  },
  qValue: {
    label: 'q-value',
    text: 'The share of false discoveries to expect among all pairs that are at least as unlikely (Benjamini–Hochberg).',
    formula: 'q₍ₖ₎ = min over j ≥ k of p₍ⱼ₎ m / j',
  },
  withCorrelation: {
    label: 'agreement with correlation',
    text: 'Share of matched units that a matching by correlation gives the same partner.',
    formula: '#{i : π_I(i) = π_r(i)} / #{i matched}',
  },
  nullInformation: {
    label: 'information of shuffled images',
    text: 'Mean over all pairs of units when the images of the two networks are shuffled against each other: what binning gives without any relation.',
    formula: 'mean of I₀(i, j)',
  },
  nullInformationMatch: {
    label: 'match of shuffled images',
    text: 'Mean match by information when the images are shuffled: what choosing the best pairs gives by chance.',
    formula: 'mean of I₀(i, π₀(i))',
  },
  entropy: {
    label: 'entropy',
    text: 'How much there is to know of a unit’s bin, in nats, mean over units: no pair can share more than either has.',
    formula: 'H = −Σ p(x) ln p(x)',
  },
  bins: {
    label: 'bins',
    text: 'Values of a unit are sorted into so many bins: 0 alone and the rest equally full where no value is negative, else all equally full.',
    formula: 'bin(x) = 0 for x < 10⁻⁶, else 1 + #{k : percentile(100 k / 9) < x}',
  },
  simpleMatch: {
    label: 'simple match',
    text: 'A match of sets that holds a given unit and contains no smaller one that does.',
    formula: '(X, Y) ∋ v a match, no (X′, Y′) ∋ v with X′ ⊂ X, Y′ ⊂ Y a match',
  },
  zeroUnits: {
    label: 'units that are always 0',
    text: 'They have no direction: they lie in every span and span nothing, and are left out of sets and totals.',
    formula: 'E[x²] = 0',
  },
  alpha: {
    label: 'alpha',
    text: 'The penalty: the larger it is, the fewer source units each target may use.',
    formula: 'min over w of ½ E[(y − w·x)²] + α Σ|w|',
  },
  loss: {
    label: 'loss',
    text: 'Half the squared error that is left, y standardised; mean over live targets. Predicting nothing scores .5.',
    formula: 'loss = ½ E[(y − ŷ)²],  R² = 1 − 2 loss',
  },
  explained: {
    label: 'R²',
    text: 'Share of the target’s variance that its sources explain together. 1 = all of it.',
    formula: 'R² = 1 − 2 loss = 1 − E[(y − ŷ)²] / Var(y)',
  },
  sparseWeight: {
    label: 'weight',
    text: 'How much a source counts in the sum that predicts the target; both are standardised. Among alike sources the choice is nearly arbitrary.',
    formula: 'ŷ = Σⱼ wⱼ xⱼ',
  },
  oneStandardError: {
    label: 'one-standard-error rule',
    text: 'The largest alpha whose cross-validated loss is within one standard error of the least: as sparse as the data cannot tell from the best.',
    formula: 'max α : CV(α) ≤ min CV + SE(min)',
  },
  randomSources: {
    label: 'random sources',
    text: 'As many sources as the mapping used, drawn at random and fitted by least squares.',
    formula: 'min ½ E[(y − w·x_S)²], S random, #S = #{j : wⱼ ≠ 0}',
  },
  sources: {
    label: 'sources',
    text: 'Units of A with a weight that is not 0, for a unit of B.',
    formula: '#{j : wⱼ ≠ 0}',
  },
  eigenvalue: {
    label: 'eigenvalue',
    text: 'Of the graph of units: near 0 for each group that is nearly cut off from the rest.',
    formula: 'L v = λ v',
  },
  eigengap: {
    label: 'suggested number',
    text: 'The number of groups before the largest gap of the eigenvalues.',
    formula: 'argmaxₖ λₖ₊₁ − λₖ',
  },
  hierarchy: {
    label: 'hierarchy',
    text: 'Ward’s tree of the units in the space of the smallest eigenvectors: it can be cut into any number of groups.',
    formula: 'd(S, T) = √(2 |S| |T| / (|S| + |T|)) ‖mean S − mean T‖',
  },
  cutStability: {
    label: 'stability of a cut',
    text: 'How alike the groups are to those found on resampled images, beyond chance. 1 = always the same.',
    formula: 'mean adjusted Rand index over resamples',
  },
  averageInput: {
    label: 'average input',
    text: 'The inputs averaged with the group’s activation as weight, less the plain average: which pixels are higher (or lower) than usual when the group is active.',
    formula: 'mean over images of z(group) · (x − μx), z = mean of its units’ (y − μy) / σy',
  },
  groupStability: {
    label: 'stability',
    text: 'How alike this group is to the nearest group found on resampled images, as shared units over all units of both. 1 = always the same.',
    formula: 'mean over resamples of max |C ∩ C′| / |C ∪ C′|',
  },
  balance: {
    label: 'balance',
    text: 'How evenly the networks share the group: 1 = each gives the same part of its units, 0 = one gives all.',
    formula: 'entropy of the networks’ shares / ln(networks)',
  },
  withinBetween: {
    label: 'within, between',
    text: 'Mean correlation of the group’s units with each other, and with units outside.',
    formula: 'mean r(i, j), both in C; one in C',
  },
  ncut: {
    label: 'normalised cut',
    text: 'Weight of the edges that leave a group, relative to all of its edges, added up. 0 = groups apart.',
    formula: 'Σ cut(C) / vol(C)',
  },
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
  permutation: {
    label: 'permutation score',
    text: 'How alike the layers are after the best pairing of single units, 0 to 1. Near the rotation score: a local code.',
    formula: 'Σ r(i, π(i)) / √(p q)',
  },
  rotation: {
    label: 'rotation score',
    text: 'How alike the layers are after the best rotation, 0 to 1; never below the permutation score. Far above it: a distributed code.',
    formula: '‖C‖∗ / √(p q), C = r(i, j)',
  },
  linear: {
    label: 'linear score',
    text: 'How alike the layers are after the best invertible maps of both, 0 to 1.',
    formula: 'mean ρ, canonical correlations',
  },
  rotatedMatch: {
    label: 'rotated match',
    text: 'Mean match after the live units of B are turned by a random rotation: what a distributed code would give.',
    formula: 'mean over seeds of mean r(i, π(i)), B turned by a random rotation',
  },
  epsilon: {
    label: 'epsilon',
    text: 'The tolerance: how far a unit may be from what the set of the other network spans, as a share of its length; means are kept.',
    formula: 'dist(x, span Y) ≤ ε ‖x‖',
  },
  maximumMatch: {
    label: 'maximum match',
    text: 'The largest sets of units of both networks in which each unit lies within the tolerance of the span of the other set; it contains every other match. Its share is of the units that are not always 0.',
    formula: '(|X*| + |Y*|) / (units A + units B)',
  },
  convergence: {
    label: 'convergence',
    text: 'Share of the other networks in which a unit has a partner of at least the threshold.',
    formula: '#{other networks whose match has r ≥ threshold} / (networks − 1)',
  },
  cycle: {
    label: 'cycle consistency',
    text: 'Share of paths A to B to C to A along matches that come back to the unit they left.',
    formula: 'returning paths / completed paths; by chance 1 / units',
  },
  foundIn: {
    label: 'found in',
    text: 'In how many of the other networks a unit has its like: all, some, or none.',
    formula: 'all: convergence = 1; one: 0; some: between',
  },
  layerScore: {
    label: 'layer score',
    text: 'How alike two layers are: linear CKA, or the mean match.',
    formula: '‖C_xy‖²_F / (‖C_xx‖_F ‖C_yy‖_F), or mean r(i, π(i)), one value per unit and image',
  },
  count: {
    label: 'count',
    text: 'How many there are.',
    formula: 'n',
  },
  structure: {
    label: 'structure score',
    text: 'How alike the correlations within A and within B are, over the matched units.',
    formula: 'corr(v(C_A), v(C_B)) across halves, v = entries above the diagonal, matched order',
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
  rematched: {
    label: 'matched anew',
    text: 'Mean match where every resample of the images chooses its own partners. Choosing the largest of noisy numbers lifts it: it shows that bias, it is no interval of the truth.',
    formula: 'percentiles of max over π of mean r*(i, π(i))',
  },
  splitHalf: {
    label: 'split halves',
    text: 'Partners chosen on one random half of the images and scored on the other, both ways.',
    formula: '½ (mean r₂(i, π₁(i)) + mean r₁(i, π₂(i)))',
  },
  calibrated: {
    label: 'calibrated',
    text: 'A match counts where shuffled images do not explain it, whatever its size.',
    formula: 'q(i, π(i)) ≤ FDR over all pairs of units of the two networks',
  },
  zScore: {
    label: 'z',
    text: 'How many standard deviations over rotations the units’ own match lies above the rotated one.',
    formula: '(mean match − rotated mean) / rotated deviation',
  },
  meanActivation: {
    label: 'mean activation',
    text: 'Mean value of a unit over all samples.',
    formula: 'μ = E[x]',
  },
  sparseness: {
    label: 'lifetime sparseness',
    text: 'How few samples a unit responds to: 0 = to all alike, 1 = to a single one.',
    formula: '(1 − E[|x|]² / E[x²]) / (1 − 1/N)',
  },
  sourcesNeeded: {
    label: 'sources needed',
    text: 'The fewest sources with which a unit is explained nearly as well as with all of them.',
    formula: 'min #{j : wⱼ ≠ 0} with R² ≥ 0.9 R²(least squares)',
  },
  sameDepth: {
    label: 'same depth',
    text: 'The layer with the same place in the order of layers.',
    formula: 'layer i of A and layer i of B',
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
  principalAngle: {
    label: 'principal angles',
    text: 'Angles between the spaces of the leading components of both networks, smallest first. 0 = a common direction, 90° = nothing in common.',
    formula: 'arccos ρᵢ of the leading components',
  },
  standardError: {
    label: 'standard error',
    text: 'How much the number would scatter over other images, by leaving out one group of images after the other.',
    formula: '√((g − 1) / g · Σ (θ₋ᵢ − mean θ)²)',
  },
  forced: {
    label: 'forced correlations',
    text: 'Canonical correlations that are 1 whatever the data, because there are too few samples.',
    formula: 'max(0, rank A + rank B − (N − 1))',
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
  receptiveField: {
    label: 'receptive field',
    text: 'The part of the input that one position of a unit depends on. Pictures are cut to it where the unit answers most.',
    formula: 'size + d (k − 1) jump, jump · stride, layer by layer',
  },
  filter: {
    label: 'filter',
    text: 'The weights of a unit that reads the input itself. Grey is 0; white and black are the largest weights of either sign.',
    formula: 'y = f(w ∗ x + b)',
  },
  kurtosis: {
    label: 'kurtosis',
    text: 'How heavy the tails are; 3 for a normal distribution.',
    formula: 'E[(y − μ)⁴] / σ⁴',
  },
} as const;
export type TermName = keyof typeof terms;

/** Those that name nats, as they read where bits are shown. */
const inBits: Partial<Record<TermName, { text: string; formula: string }>> = {
  mutualInformation: {
    text: 'How much one unit tells of the other, linear or not, in bits (1 bit = 0.69 nats), from values sorted into bins. 0 = independent.',
    formula: 'I = Σ p(x, y) log₂[p(x, y) / (p(x) p(y))]',
  },
  entropy: {
    text: 'How much there is to know of a unit’s bin, in bits, mean over units: no pair can share more than either has.',
    formula: 'H = −Σ p(x) log₂ p(x)',
  },
};

export function termIn(
  unit: InformationUnit,
  name: TermName,
): { label: string; text: string; formula: string | undefined } {
  return unit === 'bits' ? { ...terms[name], ...inBits[name] } : terms[name];
}
