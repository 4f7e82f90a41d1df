import type { Component } from 'svelte';
import ChartNoAxesColumn from '@lucide/svelte/icons/chart-no-axes-column';
import Grid3x3 from '@lucide/svelte/icons/grid-3x3';
import ArrowLeftRight from '@lucide/svelte/icons/arrow-left-right';
import Binary from '@lucide/svelte/icons/binary';
import Waypoints from '@lucide/svelte/icons/waypoints';
import Boxes from '@lucide/svelte/icons/boxes';
import Axis3d from '@lucide/svelte/icons/axis-3d';
import Rotate3d from '@lucide/svelte/icons/rotate-3d';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Network from '@lucide/svelte/icons/network';
import Layers from '@lucide/svelte/icons/layers';
import BadgeCheck from '@lucide/svelte/icons/badge-check';
import FileText from '@lucide/svelte/icons/file-text';
import Database from '@lucide/svelte/icons/database';
import Images from '@lucide/svelte/icons/images';
import LayoutTemplate from '@lucide/svelte/icons/layout-template';
import { viewNames, type ViewName } from './view-names.ts';

export { viewNames, type ViewName };

export interface ViewInfo {
  label: string;
  /** What the view answers. */
  hint: string;
  icon: Component;
  /** Whether units can be selected in it, so that the inspector stands beside it. */
  hasInspector: boolean;
}

/** The rungs that the rail is grouped by; a view that is in no list stands with the one-to-one ones. */
export const railGroups: { label: string; views: readonly ViewName[] }[] = [
  { label: 'Overview', views: ['overview'] },
  { label: 'Several units at once', views: ['sparse-map', 'clusters', 'neighbourhoods'] },
  { label: 'Spaces and codes', views: ['subspaces', 'code'] },
  { label: 'How sure, how general', views: ['certainty', 'many-networks', 'layer-map'] },
  { label: 'On record', views: ['data', 'validation', 'methods', 'figures'] },
];

/** In the paper's order. */
export const views: Record<ViewName, ViewInfo> = {
  overview: {
    label: 'Overview',
    hint: 'How much is shared, layer by layer',
    icon: ChartNoAxesColumn,
    hasInspector: false,
  },
  correlation: {
    label: 'Correlation',
    hint: 'Every unit against every unit',
    icon: Grid3x3,
    hasInspector: true,
  },
  match: {
    label: 'Match',
    hint: 'One-to-one: which unit is which',
    icon: ArrowLeftRight,
    hasInspector: true,
  },
  'best-and-worst': {
    label: 'Best, worst',
    hint: 'The inputs that excite the best and the worst matched pairs',
    icon: Images,
    hasInspector: true,
  },
  'mutual-information': {
    label: 'Information',
    hint: 'What one unit tells of another, linear or not',
    icon: Binary,
    hasInspector: true,
  },
  'sparse-map': {
    label: 'Sparse map',
    hint: 'Few-to-one: which units predict a unit',
    icon: Waypoints,
    hasInspector: true,
  },
  clusters: {
    label: 'Clusters',
    hint: 'Many-to-many: groups that span both networks',
    icon: Boxes,
    hasInspector: true,
  },
  subspaces: {
    label: 'Subspaces',
    hint: 'How much of the spaces is shared',
    icon: Axis3d,
    hasInspector: true,
  },
  code: {
    label: 'Code',
    hint: 'Local or distributed',
    icon: Rotate3d,
    hasInspector: false,
  },
  neighbourhoods: {
    label: 'Sets',
    hint: 'Sets of units that express each other',
    icon: CircleDashed,
    hasInspector: true,
  },
  certainty: {
    label: 'Certainty',
    hint: 'How sure the match is',
    icon: ShieldCheck,
    hasInspector: true,
  },
  'many-networks': {
    label: 'Networks',
    hint: 'Found in all, some or one of the networks',
    icon: Network,
    hasInspector: true,
  },
  'layer-map': {
    label: 'Layer map',
    hint: 'Which layer is which',
    icon: Layers,
    hasInspector: false,
  },
  data: {
    label: 'Data',
    hint: 'What was compared, and how',
    icon: Database,
    hasInspector: false,
  },
  validation: {
    label: 'Validation',
    hint: 'Published numbers, recomputed on this machine',
    icon: BadgeCheck,
    hasInspector: false,
  },
  methods: {
    label: 'Methods',
    hint: 'The methods section of this project, ready to paste',
    icon: FileText,
    hasInspector: false,
  },
  figures: {
    label: 'Figures',
    hint: 'Pages for the paper: laid out, kept in the project, exported',
    icon: LayoutTemplate,
    hasInspector: false,
  },
};
