import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readVocabulary } from '#main/vocabulary/read-vocabulary.ts';
import { readableTokens } from '#main/vocabulary/readable-tokens.ts';
import expected from '../../../reference/vocabularies/expected.json' with { type: 'json' };
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const reference = (kind: string) =>
  join(import.meta.dirname, '../../../reference/vocabularies', `${kind}.json`);

function file(name: string, text: string | Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

/** Bytes that follow each other as the characters that they are together. */
const withCharacters = (text: string) =>
  text.replace(/(<0x[0-9A-F]{2}>)+/g, (bytes) => Buffer.from(bytes.replace(/<0x|>/g, ''), 'hex').toString());

describe('readVocabulary', () => {
  it.each(Object.entries(expected))(
    'reads a tokenizer.json of the library: %s',
    async (kind, { size, ids, text }) => {
      const words = await readVocabulary(reference(kind));
      expect(words).toHaveLength(size);
      expect(words.every((word) => typeof word === 'string')).toBe(true);
      const read = withCharacters(ids.map((id) => words[id]).join(''));
      // The library's decoder of word pieces takes spaces before punctuation away.
      const spaces = kind === 'word-pieces' || kind === 'word-ends' ? / /g : /^ /g;
      const compared = (sentence: string) => sentence.replace(spaces, '').replace('<unk>', '').trim();
      expect(compared(read)).toBe(compared(text));
    },
  );

  it('keeps what was added by hand as it is written', async () => {
    const [bytes, pieces] = await Promise.all(
      ['byte-level', 'word-pieces'].map((kind) => readVocabulary(reference(kind))),
    );
    expect(bytes[0]).toBe('<|end of text|>');
    expect(pieces.slice(0, 4)).toEqual(['[PAD]', '[UNK]', '[CLS]', '[SEP]']);
  });

  it('reads lines: the line is the id, an empty one none', async () => {
    const path = file('vocab.txt', '[PAD]\r\nun\r\n##believ\r\n\r\ncat\r\n');
    expect(await readVocabulary(path)).toEqual([' [PAD]', ' un', 'believ', null, ' cat']);
    expect(await readVocabulary(file('letters.txt', '<s>\na\nb\n{'))).toEqual(['<s>', 'a', 'b', '{']);
    expect(await readVocabulary(file('words', '\uFEFFthe\ncat'))).toEqual([' the', ' cat']);
  });

  it('reads a map of tokens to ids, with holes', async () => {
    const path = file('vocab.json', JSON.stringify({ Ġcat: 3, a: 0 }));
    expect(await readVocabulary(path)).toEqual(['a', null, null, ' cat']);
  });

  it.each([
    ['missing.json', null, /does not exist or cannot be read; check the path/],
    ['a.json', '{"model": ', /is not JSON \(.*\); name a tokenizer\.json/],
    ['a.json', '{"model": {"type": "BPE"}}', /has no model\.vocab; name a tokenizer\.json/],
    ['a.json', '{"architectures": ["GPT2"]}', /has no model\.vocab/],
    ['a.json', '{"model": {"vocab": {}}}', /holds no tokens/],
    ['a.json', '{"model": {"vocab": {"a": 99999999}}}', /is not understood at model\.vocab\.a/],
    ['a.txt', '\n\n', /holds no tokens; write one a line/],
    ['a.txt', Uint8Array.of(0x61, 0xff, 0x0a), /is not UTF-8 text; save it as UTF-8/],
  ])('refuses %s that holds %s', async (name, text, sentence) => {
    const path = text === null ? join(temporaryFolder(), name) : file(name, text);
    const asked = readVocabulary(path);
    await expect(asked).rejects.toThrow(sentence);
    await expect(asked).rejects.toThrow(`data.vocabulary: `);
  });

  it('refuses a file that is no vocabulary by its size, without reading it', async () => {
    const path = file('model.safetensors', '');
    truncateSync(path, 3 * 2 ** 30);
    await expect(readVocabulary(path)).rejects.toThrow('is 3072 MiB large');
  });
});

describe('readableTokens', () => {
  it('writes a part of a character as its bytes, and bytes of SentencePiece as characters', () => {
    expect(readableTokens(['Ġ', 'Ċ', 'âĢ', 'âĢľ', '日'], { kind: 'byte-level' })).toEqual([
      ' ',
      '\n',
      '<0xE2><0x80>',
      '“',
      '日',
    ]);
    expect(readableTokens(['▁the', '<0x0A>', '<0xE2>', null], { kind: 'sentencepiece' })).toEqual([
      ' the',
      '\n',
      '<0xE2>',
      null,
    ]);
  });
});
