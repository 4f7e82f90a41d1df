import { readFile } from 'node:fs/promises';
import { AppError } from '#core/errors.ts';
import { fileOfField } from '../app/file-of-field.ts';
import { readableTokens, spellingOf } from './readable-tokens.ts';
import { mostTokens, tokensOfJson, type TokenList } from './tokenizer-json.ts';

/** The largest known `tokenizer.json` has 33 MB. */
const mostBytes = 64 * 2 ** 20;
const field = 'data.vocabulary';

/**
 * The words of a vocabulary file by token id, as they are shown: a leading space where a word begins, null where no
 * token has the id. A name that ends in `.json` is a Hugging Face `tokenizer.json` (or a map of tokens to ids), any
 * other a text file with one token a line, line k (from 0) the token of id k.
 *
 * @throws AppError `not-found`, `bad-data` naming file, field and remedy
 */
export async function readVocabulary(path: string): Promise<(string | null)[]> {
  const text = await readText(path);
  const { tokens, literal, spelling } = /\.json$/i.test(path) ? fromJson(text, path) : fromLines(text, path);
  const words = readableTokens(tokens, spelling);
  for (const id of literal) words[id] = tokens[id];
  return words;
}

async function readText(path: string): Promise<string> {
  const { size } = await fileOfField(path, field);
  if (size > mostBytes)
    throw bad(
      path,
      `is ${Math.ceil(size / 2 ** 20)} MiB large, and no vocabulary is larger than ${mostBytes / 2 ** 20} MiB; name the tokenizer.json, or a file with one token a line`,
    );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof TypeError) throw bad(path, 'is not UTF-8 text; save it as UTF-8', error);
    throw bad(path, 'cannot be read; check its permissions', error);
  }
}

function fromJson(text: string, path: string): TokenList {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw bad(
      path,
      `is not JSON (${(error as Error).message}); name a tokenizer.json, or a .txt file with one token a line`,
      error,
    );
  }
  const found = tokensOfJson(value);
  if (typeof found !== 'string') return found;
  throw bad(path, `${found}; name a tokenizer.json of Hugging Face, or a .txt file with one token a line`);
}

function fromLines(text: string, path: string): TokenList {
  const tokens = text.split(/\r?\n/).map((line) => (line === '' ? null : line));
  while (tokens.at(-1) === null) tokens.pop();
  if (tokens.length === 0) throw bad(path, 'holds no tokens; write one a line');
  if (tokens.length > mostTokens)
    throw bad(
      path,
      `has ${tokens.length} lines, more than any vocabulary; name the file with one token a line`,
    );
  return { tokens, literal: new Set(), spelling: spellingOf(tokens) };
}

function bad(path: string, what: string, cause?: unknown): AppError {
  return new AppError('bad-data', `${field}: ${path} ${what}.`, { path, field }, cause);
}
