import type { Rung } from '#core/text/rung-findings.ts';
import type { ViewName } from '../../app/views.ts';

/** What a rung of the ladder is called, and where its picture is. */
export const rungWords: Record<Rung, { label: string; view: ViewName }> = {
  'one-to-one': { label: 'One-to-one', view: 'match' },
  information: { label: 'Information', view: 'mutual-information' },
  'few-to-one': { label: 'Few-to-one', view: 'sparse-map' },
  'many-to-many': { label: 'Many-to-many', view: 'clusters' },
  subspaces: { label: 'Subspaces', view: 'subspaces' },
  code: { label: 'Local or distributed', view: 'code' },
  networks: { label: 'Across networks', view: 'many-networks' },
};
