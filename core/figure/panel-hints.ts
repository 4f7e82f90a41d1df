import type { PanelKind } from './spec.ts';

/** What a panel shows, in one sentence, for a person who chooses one. */
export const panelHints: Record<PanelKind, string> = {
  'correlation-quad': 'Correlations within A, within B and between, the last also in matched order.',
  'matched-units': 'The best and worst matched pairs with the inputs that excite each unit most.',
  'matching-curves': 'Semi-match and match of every unit of A, sorted.',
  'layer-means': 'Mean semi-match and match of every layer over all pairs of networks.',
  'mapping-weights': 'Weights that predict every unit of B from few units of A.',
  'mapping-curve': 'Prediction loss against the number of sources.',
  'mapping-target': 'One unit of B and the units of A that predict it.',
  'cluster-averages': 'The average input of every cluster in each network.',
  'cluster-joint': 'The joint correlations of both networks with the dendrogram of their clusters.',
  'information-scatter': 'Mutual information of every match against its correlation.',
  'activation-means': 'Cumulative distribution of the mean activations of the units, a curve a network.',
  'layer-map': 'How alike every layer of A is to every layer of B.',
  'canonical-correlations': 'Canonical correlations of the spaces that both layers span.',
  'shared-space': 'Units of both networks in three dimensions, where the subspaces of their layers put them.',
  'match-certainty': 'Every match with its interval, over what shuffled images give.',
  'code-scores': 'Likeness after the best permutation, rotation and linear map.',
  'code-rotations': 'Matching after random rotations against matching of the units themselves.',
  convergence: 'Share of units found in all, in some and in one of the networks, by layer.',
  'neighbourhood-curve': 'Share of units in maximum matches of sets of units, a curve a layer.',
};
