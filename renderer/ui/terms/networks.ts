import type { Terms } from './term.ts';

/** More than two networks, and layers against layers (methods, section 9). */
export const networksTerms = {
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
  sameDepth: {
    label: 'same depth',
    text: 'The layer with the same place in the order of layers.',
    formula: 'layer i of A and layer i of B',
  },
} as const satisfies Terms;
