import { basename, resolve } from 'node:path';
import type { ArrayEntry, DataInspection } from '#core/domain/dataset.ts';
import type { ProjectRun } from '#core/domain/project.ts';
import type { RecipeData } from '#core/domain/recipe.ts';
import { AppError } from '#core/errors.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { captureArrayName, type CaptureSummary, type EngineMethods } from '#core/ipc/engine.ts';
import { formatCount } from '#core/figure/ticks.ts';
import type { RunRequest } from '../app/services.ts';
import { readVocabulary } from '../vocabulary/read-vocabulary.ts';
import { hashFile } from './file-hash.ts';

type Facts = NonNullable<ProjectRun['data']['vocabulary']>;

/** The words of a run's token ids, kept in the project. */
export class RunVocabulary {
  /** As the run's record has it. */
  readonly facts: Facts;
  /** A sentence that says whose words are used where the file is gone. */
  readonly note: string | null;
  readonly #size: number;
  readonly #data: RecipeData;
  readonly #dataPath: string;
  readonly #database: DatabaseMethods;

  private constructor(
    { facts, size, note }: { facts: Facts; size: number; note: string | null },
    data: RecipeData,
    dataPath: string,
    database: DatabaseMethods,
  ) {
    this.facts = facts;
    this.note = note;
    this.#size = size;
    this.#data = data;
    this.#dataPath = dataPath;
    this.#database = database;
  }

  /**
   * Reads the recipe's vocabulary and keeps it in the project; null where the recipe has none. A file that is gone,
   * but whose words the project keeps from an earlier run, is not needed again.
   */
  static async keep(
    { recipe: { data }, baseFolder }: Pick<RunRequest, 'recipe' | 'baseFolder'>,
    database: DatabaseMethods,
  ): Promise<RunVocabulary | null> {
    if (data?.vocabulary === undefined) return null;
    const found = await keptWords(resolve(baseFolder, data.vocabulary), database);
    return new RunVocabulary(found, data, resolve(baseFolder, data.images), database);
  }

  /** @throws AppError `bad-recipe` where the data's numbers cannot be token ids */
  async requireTokens(engine: Pick<EngineMethods, 'inspectData'>): Promise<void> {
    requireTokenIds(this.#data, await engine.inspectData(this.#dataPath));
  }

  /** Says how many ids of the inputs kept in the project the vocabulary lacks; null where it has them all. */
  async unknownIds(captureId: string, { layers }: Pick<CaptureSummary, 'layers'>): Promise<string | null> {
    const beyond = new Set<number>();
    for (const [index, { topInputs }] of layers.entries()) {
      if (!topInputs || topInputs.kind === 'picture') continue;
      const name = captureArrayName(index, 'all', 'top-input');
      const { data } = await this.#database.captureArray(captureId, name);
      for (const id of data) if (id < 0 || id >= this.#size) beyond.add(id);
    }
    if (beyond.size === 0) return null;
    const some = beyond.size === 1 ? '1 token id is' : `${formatCount(beyond.size)} token ids are`;
    const tokens = `${formatCount(this.#size)} tokens`;
    return `${some} not in ${this.facts.file} (${tokens}), such as ${[...beyond].reduce((x, y) => Math.max(x, y))}: shown as numbers.`;
  }
}

async function keptWords(path: string, database: DatabaseMethods) {
  const file = basename(path);
  try {
    const words = await readVocabulary(path);
    const sha256 = await hashFile(path, 'data.vocabulary', database);
    await database.putVocabulary(sha256, words);
    return { facts: { file, sha256 }, size: words.length, note: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not-found') throw error;
    const { runs } = await database.summary();
    const facts = runs.find((run) => run.data.vocabulary?.file === file)?.data.vocabulary;
    const words = facts && (await database.vocabulary(facts.sha256));
    if (!facts || !words) throw error;
    const note = `${file} is no longer where it was read: token ids are shown as the words that the project keeps.`;
    return { facts, size: words.length, note };
  }
}

/** @throws AppError `bad-recipe` where the data's numbers cannot be token ids */
function requireTokenIds(data: Pick<RecipeData, 'key'>, inspection: DataInspection): void {
  const { file, images, arrays } = inspection;
  if (images) throw noTokens(`${file} holds images`);
  const found: ArrayEntry | undefined =
    data.key === undefined ? arrays[0] : arrays.find(({ key }) => key === data.key);
  // A key that is not there is refused where the data is read.
  if (!found) return;
  const { key, dtype, shape } = found;
  const name = key === '' ? file : `${file}, array ${key},`;
  if (!/^u?int\d+$/.test(dtype)) throw noTokens(`${name} is ${dtype}, and token ids are whole numbers`);
  if (shape.length > 2)
    throw noTokens(`${name} has ${shape.length} axes, and token ids have one or two (layout NT, or N)`);
}

function noTokens(what: string): AppError {
  return new AppError('bad-recipe', `data.vocabulary: ${what}; leave the vocabulary out.`, {
    field: 'data.vocabulary',
  });
}
