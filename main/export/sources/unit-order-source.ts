import { AppError } from '#core/errors.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';
import type { ResultEntry } from '#core/domain/result.ts';
import {
  leavesOf,
  matchedOrder,
  orderWords,
  unitOrder,
  valuesOf,
  type OrderFacts,
  type OrderName,
  type UnitOrder,
} from '#core/domain/unit-orders.ts';
import type { PairPlace, RunSource } from './run-source.ts';

interface ShownOrder {
  order: UnitOrder;
  /** With the matches of the units of A on the diagonal. */
  orderA: Int32Array;
  orderB: Int32Array;
}

/**
 * The units of both networks in an order of the Correlation view, made from what is stored.
 * @throws AppError `not-found` where the run holds too little for it
 */
export async function orderOf(source: RunSource, name: OrderName, place: PairPlace): Promise<ShownOrder> {
  const facts = await factsFor(source, name, place);
  const order = unitOrder(name, facts);
  const matched = order && matchedOrder(order, facts);
  if (!order || !matched)
    throw new AppError(
      'not-found',
      `The figure's order "${orderWords[name].label}" ${orderWords[name].needs || 'needs a matching'}, which this run does not hold; add it, or choose another order.`,
    );
  return { order, orderA: matched.rows, orderB: matched.cols };
}

/** Only what the order needs is read. */
async function factsFor(source: RunSource, name: OrderName, place: PairPlace): Promise<OrderFacts> {
  const { a, b, layer } = place;
  const matching = source.result('matching', place);
  const unitsOf = (network: string) =>
    source.run.layers.find((one) => one.name === layer)?.units[network] ?? 0;
  const [unitsA, unitsB] = [unitsOf(a), unitsOf(b)];
  const joint = name === 'cluster' ? 'spectral-clusters' : 'many-networks';
  const found = name === 'cluster' || name === 'convergence' ? jointResult(source, joint, place) : null;
  const lists = found && (await listsOf(source, found, name === 'cluster' ? 'leaf-order' : 'convergence'));
  const networkOf = (network: string) => lists?.names.indexOf(network) ?? -1;
  return {
    ...{ unitsA, unitsB },
    pairs: {
      matchB: Int32Array.from(await source.vector(matching, 'match')),
      matchValue: await source.vector(matching, 'match-value'),
    },
    statistics: name === 'mean' ? await meansOf(source, place) : null,
    leaves:
      lists && name === 'cluster'
        ? {
            a: leavesOf(lists.values, lists.joint, networkOf(a)),
            b: leavesOf(lists.values, lists.joint, networkOf(b)),
          }
        : null,
    convergence:
      lists && name === 'convergence'
        ? {
            a: valuesOf(lists.values, lists.joint, networkOf(a), unitsA),
            b: valuesOf(lists.values, lists.joint, networkOf(b), unitsB),
          }
        : null,
  };
}

/** The result of the pair at the layer, else that of a group with both networks in it. */
function jointResult(source: RunSource, analysis: AnalysisName, { a, b, layer }: PairPlace) {
  const isOfPair = (entry: ResultEntry) => entry.a.network === a && entry.b.network === b;
  const ofGroup = ({ params }: ResultEntry) =>
    Array.isArray(params.networks) && namesIn(params.networks, a, b);
  const isHere = (entry: ResultEntry) => entry.a.layer === layer;
  return (
    source.find(
      analysis,
      (entry) => isHere(entry) && isOfPair(entry) && !Array.isArray(entry.params.networks),
    ) ??
    source.find(analysis, (entry) => isHere(entry) && ofGroup(entry)) ??
    null
  );
}

const namesIn = (names: unknown[], a: string, b: string) => names.includes(a) && names.includes(b);

async function listsOf(source: RunSource, result: ResultEntry, values: string) {
  const { networks } = result.params;
  return {
    names: Array.isArray(networks) ? networks.map(String) : [result.a.network, result.b.network],
    values: await source.vector(result, values),
    joint: {
      network: await source.vector(result, 'network'),
      unit: await source.vector(result, 'unit'),
    },
  };
}

async function meansOf(source: RunSource, { a, b, layer }: PairPlace) {
  const { array, rangeOf } = await source.jointArray(layer, 'train', 'mean');
  const own = (network: string) => ({ mean: Float64Array.from(array.data.subarray(...rangeOf(network))) });
  return { a: own(a), b: own(b) };
}
