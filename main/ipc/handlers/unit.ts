import { AppError } from '#core/errors.ts';
import { channelOfUnit } from '#core/domain/unit-place.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import type { ProbeRequest } from '#core/ipc/engine.ts';
import { capturedLayerOf, requireUnit } from '../../app/captured-layer.ts';
import { withExactBuffers } from '../../app/exact-buffers.ts';
import { axesOf, runFilesOf, type RunFiles } from '../../app/run-files.ts';
import { unitDistribution } from '../../app/unit-distribution.ts';
import { inWords } from '../../app/input-words.ts';
import { unitPartners } from '../../app/unit-partners.ts';
import { unitTopInputs } from '../../app/unit-top-inputs.ts';
import type { HandlerContext } from '../context.ts';

/** Pixels a side of inputs read from the data file. */
const mostSide = 256;

const filesOf = (runId: string, { session, sample, recipes }: HandlerContext) =>
  runFilesOf(runId, { database: session.required().database, sample, parse: recipes.parse });

export const unitHandlers: Handlers<HandlerContext>['unit'] = {
  async topInputs({ runId, network, layer, units }, context) {
    const { run } = await filesOf(runId, context);
    return unitTopInputs(context.session.required().database.methods, run, network, layer, units);
  },

  async inputs({ runId, images }, context) {
    const files = await filesOf(runId, context);
    const { methods } = context.session.required().database;
    const shown = await context.engine.methods.showInputs({ data: await files.data(), images, mostSide });
    return withExactBuffers(await inWords(shown, files.run, methods));
  },

  async maps({ runId, network, layer, looks }, context) {
    const { probe, rule, engine, plane } = await probeOf(runId, network, layer, context, looks);
    const { height, width, values } = await engine.activationMaps({
      ...probe,
      looks: looks.map(({ unit, images }) => ({ channel: channelOfUnit(rule, unit, plane), images })),
    });
    return withExactBuffers({ height, width, maps: values });
  },

  async details({ runId, network, layer, unit }, context) {
    const { probe, rule, engine, plane } = await probeOf(runId, network, layer, context, [{ unit }]);
    const channels = [channelOfUnit(rule, unit, plane)];
    const { filters, ...geometry } = await engine.unitGeometry({ ...probe, channels });
    return withExactBuffers({ geometry, filter: rule.kind === 'flatten' ? null : filters[0] });
  },

  async distribution({ runId, layer, units }, context) {
    return unitDistribution(await filesOf(runId, context), layer, units, {
      database: context.session.required().database.methods,
      engine: context.engine.methods,
    });
  },

  async partners({ runId, network, layer, unit }, context) {
    const { run } = await filesOf(runId, context);
    const { methods } = context.session.required().database;
    const { unitsOf } = await capturedLayerOf(methods, run, layer);
    requireUnit(unit, unitsOf(network).count, network, layer);
    return { partners: await unitPartners(methods, run, network, layer, unit) };
  },
};

/** What the engine needs to look into a layer of one network, and how its units lie in the tensor. */
async function probeOf(
  runId: string,
  network: string,
  layer: string,
  context: HandlerContext,
  asked: readonly { unit: number }[],
) {
  const files = await filesOf(runId, context);
  const { methods } = context.session.required().database;
  const captured = await capturedLayerOf(methods, files.run, layer);
  const { count } = captured.unitsOf(network);
  asked.forEach(({ unit }) => requireUnit(unit, count, network, layer));
  const probe: ProbeRequest = {
    data: await files.data(),
    network: await files.network(network),
    tensor: tensorOf(files, network, layer),
    axes: axesOf(files.recipe, layer, network),
    provider: files.recipe.provider,
    threads: files.recipe.threads,
  };
  const engine = context.engine.methods;
  const stored = captured.layer.geometry?.[files.run.networks.findIndex(({ name }) => name === network)];
  const plane = stored ?? (await engine.unitGeometry({ ...probe, channels: [] }));
  return { probe, rule: captured.layer.sample, engine, plane };
}

function tensorOf({ run }: RunFiles, network: string, layer: string): string {
  const tensor = run.layers.find(({ name }) => name === layer)?.tensors[network];
  if (tensor !== undefined) return tensor;
  throw new AppError('not-found', `The run has no layer ${layer} of ${network}; choose another.`);
}
