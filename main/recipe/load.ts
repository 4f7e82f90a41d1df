import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { AppError } from '#core/errors.ts';
import type { Recipe } from '#core/domain/recipe.ts';
import type { EngineMethods } from '#core/ipc/engine.ts';
import { resolveRecipe } from '#core/domain/resolve-recipe.ts';
import { expandLayers, hasLayerPatterns } from '#core/layers/expand-layers.ts';
import { inspectSaved } from '../app/inspect-network.ts';
import type { RunRequest } from '../app/services.ts';

/** A recipe is a page of text; anything larger is the wrong file. */
const maximumRecipeBytes = 1 << 20;

/** What is asked of the engine about networks, by absolute paths. */
type Inspecting = Pick<EngineMethods, 'inspectModel' | 'inspectData'>;

/**
 * Reads, checks and completes a recipe file. Its networks are looked at only where its layers are patterns or
 * suggestions: these are written out, so that the text which is kept names every layer and tensor.
 */
export async function loadRecipe(path: string, engine?: Inspecting): Promise<RunRequest> {
  const label = basename(path);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const isFolder = (error as NodeJS.ErrnoException).code === 'EISDIR';
    const what = isFolder ? 'is a folder; name a recipe file (YAML)' : 'cannot be read; check the path';
    throw new AppError('not-found', `The recipe ${path} ${what}.`, { path }, error);
  }
  if (text.length > maximumRecipeBytes) {
    throw new AppError(
      'bad-recipe',
      `${label} is larger than 1 MiB and no recipe; name a recipe file (YAML).`,
    );
  }
  const baseFolder = dirname(resolve(path));
  const recipeText = engine ? await withLayersWrittenOut(text, label, baseFolder, engine) : text;
  return { recipe: parseRecipe(recipeText, label), recipeText, baseFolder };
}

async function withLayersWrittenOut(
  text: string,
  label: string,
  baseFolder: string,
  engine: Inspecting,
): Promise<string> {
  const { document, value } = parseYaml(text, label);
  if (!hasLayerPatterns(value.layers)) return text;
  // The rest of the recipe is checked before any network is opened.
  const { networks } = resolveRecipe({ ...value, layers: [{ name: 'layers', tensors: 'tensor' }] }, label);
  const wrong = (field: string, what: string): never => {
    throw new AppError('bad-recipe', `${label}, ${field}: ${what}`, { field });
  };
  const tables = await Promise.all(
    networks.map(async (network, index) => {
      const { name } = network;
      const { tensors, nodes } =
        network.model === undefined
          ? await inspectSaved(resolve(baseFolder, network.activations), engine)
          : await engine.inspectModel(resolve(baseFolder, network.model));
      if (tensors.length === 0 && network.model === undefined)
        return wrong(
          `networks[${index}].activations`,
          `${network.activations} holds no array of two axes or more, [samples, units], to choose layers from.`,
        );
      return { name, tensors, nodes };
    }),
  );
  document.set('layers', document.createNode(expandLayers(value.layers, tables, wrong)));
  return document.toString({ lineWidth: 110 });
}

/** Parses recipe text; `label` names it in messages. */
export function parseRecipe(text: string, label: string): Recipe {
  const { value } = parseYaml(text, label);
  if (hasLayerPatterns(value.layers)) {
    const remedy = 'run the recipe from its file';
    throw new AppError('bad-recipe', `${label}, layers: patterns are not written out here; ${remedy}.`);
  }
  return resolveRecipe(value, label);
}

function parseYaml(text: string, label: string): { document: Document; value: Record<string, unknown> } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const problem = document.errors[0];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new AppError(
      'bad-recipe',
      `${label}, line ${line}, column ${col}: not valid YAML (${problem.message}); check indentation, colons and quotes.`,
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new AppError(
      'bad-recipe',
      `${label} has YAML aliases that cannot be resolved; write the values out.`,
      {},
      error,
    );
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new AppError(
      'bad-recipe',
      `${label} is not a recipe: it has no sections such as data, networks and layers.`,
    );
  }
  return { document, value: value as Record<string, unknown> };
}
