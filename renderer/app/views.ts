import type { Component } from 'svelte';
import ChartNoAxesColumn from '@lucide/svelte/icons/chart-no-axes-column';
import Grid3x3 from '@lucide/svelte/icons/grid-3x3';
import ArrowLeftRight from '@lucide/svelte/icons/arrow-left-right';
import Database from '@lucide/svelte/icons/database';
import type { FigureRequest } from '#core/ipc/areas/figure.ts';

export const viewNames = ['overview', 'correlation', 'match', 'data'] as const;
export type ViewName = (typeof viewNames)[number];

export interface ViewInfo {
  label: string;
  /** What the view answers. */
  hint: string;
  icon: Component;
  /** The figure that "Export" offers first. */
  figure: FigureRequest['kind'];
}

/** In the paper's order. */
export const views: Record<ViewName, ViewInfo> = {
  overview: {
    label: 'Overview',
    hint: 'How much is shared, layer by layer',
    icon: ChartNoAxesColumn,
    figure: 'layer-means',
  },
  correlation: {
    label: 'Correlation',
    hint: 'Every unit against every unit',
    icon: Grid3x3,
    figure: 'correlation-quad',
  },
  match: {
    label: 'Match',
    hint: 'One-to-one: which unit is which',
    icon: ArrowLeftRight,
    figure: 'matching-curves',
  },
  data: {
    label: 'Data',
    hint: 'What was compared, and how',
    icon: Database,
    figure: 'layer-means',
  },
};
