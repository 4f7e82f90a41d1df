import { basename } from 'node:path';
import type { ProjectLayer, ProjectRun } from '#core/domain/project.ts';
import { fileOf, type Recipe, type RecipeLayer } from '#core/domain/recipe.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { captureArrayName, type CapturedLayer, type CaptureSummary } from '#core/ipc/engine.ts';
import type { RunRequest } from '../app/services.ts';
import type { InputHashes } from './job-keys.ts';

interface FinishedRun {
  id: string;
  resultIds: string[];
  hashes: InputHashes;
  capture: { id: string; summary: Omit<CaptureSummary, 'arrays'> };
  request: RunRequest;
  /** Of the file that says what token ids mean. */
  vocabulary?: ProjectRun['data']['vocabulary'];
}

/** Stores a run whose capture and results are in the project. */
export async function storeRun(
  database: DatabaseMethods,
  { id, resultIds, hashes, capture, request: { recipe, recipeText }, vocabulary }: FinishedRun,
): Promise<void> {
  const { summary } = capture;
  const names = recipe.networks.map((network) => network.name);
  const layers = await Promise.all(
    recipe.layers.map(async (layer, index) => {
      const dead = await database.captureArray(capture.id, captureArrayName(index, 'train', 'dead'));
      return projectLayer(layer, names, summary.layers[index], dead.data as Uint8Array);
    }),
  );
  await database.putRun({
    id,
    title: recipe.title,
    recipe: recipeText,
    data: {
      file: dataName(recipe),
      sha256: hashes.data,
      images: summary.images,
      ...(summary.skipped && { skipped: summary.skipped }),
      ...(vocabulary && { vocabulary }),
    },
    networks: recipe.networks.map((network, index) => ({
      name: network.name,
      file: basename(fileOf(network).path),
      sha256: hashes.models[network.name],
      provider: summary.providers[index],
    })),
    layers,
    captureId: capture.id,
    resultIds,
  });
}

/** @param dead flags of all networks' units, one network after the other */
function projectLayer(
  layer: RecipeLayer,
  names: readonly string[],
  captured: CapturedLayer,
  dead: Uint8Array,
): ProjectLayer {
  const units: Record<string, number> = {};
  const deadUnits: Record<string, number> = {};
  let first = 0;
  names.forEach((name, network) => {
    units[name] = captured.units[network];
    deadUnits[name] = dead.subarray(first, first + units[name]).reduce((sum, flag) => sum + flag, 0);
    first += units[name];
  });
  const { kind, count } = layer.sample;
  const sample = kind === 'random' ? `${count} random positions` : kind;
  return {
    name: layer.name,
    tensors: layer.tensors,
    sample,
    units,
    deadUnits,
    samples: captured.samples,
    testSamples: captured.testSamples,
  };
}

/** What the samples are called: by their file, or by those that their activations were saved in. */
function dataName({ data, networks }: Recipe): string {
  if (data) return basename(data.images);
  return [...new Set(networks.map((network) => basename(fileOf(network).path)))].join(', ');
}
