import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { AppError } from '#core/errors.ts';
import type { Recipe } from '#core/domain/recipe.ts';
import { resolveRecipe } from '#core/domain/resolve-recipe.ts';
import type { RunRequest } from '../app/services.ts';

/** A recipe is a page of text; anything larger is the wrong file. */
const maximumRecipeBytes = 1 << 20;

/** Reads, checks and completes a recipe file. Nothing else is opened yet. */
export async function loadRecipe(path: string): Promise<RunRequest> {
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
  return { recipe: parseRecipe(text, label), recipeText: text, baseFolder: dirname(resolve(path)) };
}

/** Parses recipe text; `label` names it in messages. */
export function parseRecipe(text: string, label: string): Recipe {
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
  return resolveRecipe(value, label);
}
