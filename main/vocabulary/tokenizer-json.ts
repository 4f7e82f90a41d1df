import { z } from 'zod';
import { spellingOf, type TokenSpelling } from './readable-tokens.ts';

/** Ids beyond this are no vocabulary's; the largest known ones have a quarter of a million. */
export const mostTokens = 2 ** 21;

const id = z
  .int()
  .nonnegative()
  .max(mostTokens - 1);
const vocabularyByToken = z.record(z.string(), id);

/** What is read of a Hugging Face `tokenizer.json`; the rest is left alone. */
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id, content: z.string() })).optional(),
  model: z.looseObject({
    type: z.string().optional(),
    /** Of BPE, WordPiece and WordLevel by token; of Unigram a list of [token, score]. */
    vocab: z.union([vocabularyByToken, z.array(z.tuple([z.string(), z.number()]))]),
    continuing_subword_prefix: z.string().nullish(),
    end_of_word_suffix: z.string().nullish(),
  }),
  pre_tokenizer: z.unknown().optional(),
  decoder: z.unknown().optional(),
});

export interface TokenList {
  /** By id; null where no token has it. */
  tokens: (string | null)[];
  /** Ids whose text is written as it is, spaces included. */
  literal: Set<number>;
  spelling: TokenSpelling;
}

/**
 * Tokens of a `tokenizer.json`, or of a bare {token: id} map (`vocab.json`).
 *
 * @returns a sentence that says what is wrong where there are none
 */
export function tokensOfJson(value: unknown): TokenList | string {
  const bare = vocabularyByToken.safeParse(value);
  if (bare.success) {
    const tokens = byId(Object.entries(bare.data));
    return tokens.length > 0
      ? { tokens, literal: new Set(), spelling: spellingOf(tokens) }
      : 'holds no tokens';
  }
  const parsed = tokenizerSchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    return path[0] === 'model' && path.length <= 2
      ? 'has no model.vocab'
      : `is not understood at ${path.map(String).join('.') || 'its top'} (${message})`;
  }
  const { model, added_tokens: added = [] } = parsed.data;
  const entries = Array.isArray(model.vocab)
    ? model.vocab.map(([token], at): [string, number] => [token, at])
    : Object.entries(model.vocab);
  const tokens = byId([...entries, ...added.map((token): [string, number] => [token.content, token.id])]);
  if (tokens.length === 0) return 'holds no tokens';
  if (tokens.length > mostTokens) return `holds more than ${mostTokens} tokens`;
  return {
    tokens,
    literal: new Set(added.map((token) => token.id)),
    spelling: spellingOfModel(parsed.data, tokens),
  };
}

function byId(entries: readonly [string, number][]): (string | null)[] {
  const tokens: (string | null)[] = [];
  for (const [token, at] of entries) {
    while (tokens.length < at) tokens.push(null);
    tokens[at] = token;
  }
  return tokens;
}

function spellingOfModel(
  { model, pre_tokenizer, decoder }: z.infer<typeof tokenizerSchema>,
  tokens: readonly (string | null)[],
): TokenSpelling {
  const wordEnd = model.end_of_word_suffix || undefined;
  if (hasPart(pre_tokenizer, 'ByteLevel') || hasPart(decoder, 'ByteLevel'))
    return { kind: 'byte-level', wordEnd };
  if (model.type === 'WordPiece')
    return { kind: 'word-pieces', prefix: model.continuing_subword_prefix ?? '##' };
  if (wordEnd) return { kind: 'plain', wordEnd };
  if (Array.isArray(model.vocab) || hasPart(pre_tokenizer, 'Metaspace') || hasPart(decoder, 'Metaspace'))
    return { kind: 'sentencepiece' };
  return spellingOf(tokens);
}

/** Whether a step of this type is in a pipeline, itself or one of a sequence. */
function hasPart(value: unknown, type: string): boolean {
  if (Array.isArray(value)) return value.some((part) => hasPart(part, type));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, part]) => (key === 'type' ? part === type : hasPart(part, type)));
}
