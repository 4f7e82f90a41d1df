import type { Component } from 'svelte';
import type { ViewName } from './views.ts';
import CorrelationView from '../features/correlation/CorrelationView.svelte';
import MatchView from '../features/match/MatchView.svelte';
import BestWorstView from '../features/best-worst/BestWorstView.svelte';
import MutualInformationView from '../features/mutual-information/MutualInformationView.svelte';
import SparseMapView from '../features/sparse-map/SparseMapView.svelte';
import ClustersView from '../features/clusters/ClustersView.svelte';
import SubspacesView from '../features/subspaces/SubspacesView.svelte';
import CodeView from '../features/code/CodeView.svelte';
import NeighbourhoodsView from '../features/neighbourhoods/NeighbourhoodsView.svelte';
import CertaintyView from '../features/certainty/CertaintyView.svelte';
import ManyNetworksView from '../features/many-networks/ManyNetworksView.svelte';
import LayerMapView from '../features/layer-map/LayerMapView.svelte';

/** The views of a chosen pair and layer; the others (overview, data, validation, methods, figures) need no pair. */
export const pairViews: Record<
  Exclude<ViewName, 'overview' | 'data' | 'validation' | 'methods' | 'figures'>,
  Component
> = {
  correlation: CorrelationView,
  match: MatchView,
  'best-and-worst': BestWorstView,
  'mutual-information': MutualInformationView,
  'sparse-map': SparseMapView,
  clusters: ClustersView,
  subspaces: SubspacesView,
  code: CodeView,
  neighbourhoods: NeighbourhoodsView,
  certainty: CertaintyView,
  'many-networks': ManyNetworksView,
  'layer-map': LayerMapView,
};
