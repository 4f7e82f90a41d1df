import type { ProjectRun } from '#core/domain/project.ts';
import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';

type Words = readonly (string | null)[];

/** Vocabularies that were read, by open project; a vocabulary never changes under its hash. */
const known = new WeakMap<DatabaseMethods, Map<string, Promise<Words | null>>>();

function wordsOf(database: DatabaseMethods, sha256: string): Promise<Words | null> {
  const kept = known.get(database) ?? new Map<string, Promise<Words | null>>();
  known.set(database, kept);
  const words = kept.get(sha256) ?? database.vocabulary(sha256);
  words.catch(() => kept.delete(sha256));
  kept.set(sha256, words);
  return words;
}

/**
 * The same inputs as text, where the run has a vocabulary and they are whole sequences of token ids; the words come
 * from the project alone.
 */
export async function inWords<Shown extends ShownInputs | null>(
  inputs: Shown,
  run: ProjectRun,
  database: DatabaseMethods,
): Promise<Shown> {
  const { vocabulary } = run.data;
  if (!inputs || !vocabulary || !isWhole(inputs)) return inputs;
  const all = await wordsOf(database, vocabulary.sha256);
  return all ? asText(inputs, all) : inputs;
}

/** The same inputs as text, where they are whole sequences of token ids. */
export function asText<Shown extends ShownInputs>(inputs: Shown, all: Words): Shown {
  if (!isWhole(inputs)) return inputs;
  const words: Record<number, string> = {};
  for (const id of inputs.values) {
    const word = all[id];
    if (typeof word === 'string') words[id] = word;
  }
  return { ...inputs, kind: 'text', words };
}

/** Ids of one sequence an input, none of them a mean of several. */
function isWhole({ kind, rows, cols, size }: ShownInputs): boolean {
  return kind !== 'picture' && rows === 1 && cols === size.channels * size.height * size.width;
}
