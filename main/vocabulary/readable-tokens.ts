/** How the tokens of a vocabulary write spaces, and bytes that are no text. */
export type TokenSpelling =
  /** One printable letter a byte (GPT-2): a leading "Ġ" is a space, "Ċ" a new line. */
  | { kind: 'byte-level'; wordEnd?: string }
  /** A leading "▁" is a space; "<0x0A>" is a byte. */
  | { kind: 'sentencepiece' }
  /** A token with the prefix goes on with the word before it; any other begins one. */
  | { kind: 'word-pieces'; prefix: string }
  /** Nothing is said of spaces: words are set apart unless tokens are single characters. */
  | { kind: 'plain'; wordEnd?: string };

/** The spelling that a bare list of tokens gives away. */
export function spellingOf(tokens: Iterable<string | null>): TokenSpelling {
  for (const token of tokens) {
    if (token === null) continue;
    if (token.startsWith('Ġ')) return { kind: 'byte-level' };
    if (token.startsWith('▁')) return { kind: 'sentencepiece' };
    if (token.length > 2 && token.startsWith('##')) return { kind: 'word-pieces', prefix: '##' };
  }
  return { kind: 'plain' };
}

/** Tokens as text to read: a leading space where a word begins; null stays null. */
export function readableTokens(
  tokens: readonly (string | null)[],
  spelling: TokenSpelling,
): (string | null)[] {
  const read = readerOf(tokens, spelling);
  return tokens.map((token) => (token === null ? null : read(token)));
}

function readerOf(tokens: readonly (string | null)[], spelling: TokenSpelling): (token: string) => string {
  switch (spelling.kind) {
    case 'byte-level':
      return (token) => withWordEnd(token, spelling.wordEnd, bytesAsText);
    case 'sentencepiece':
      return (token) => byteOf(token) ?? token.replaceAll('▁', ' ');
    case 'word-pieces':
      return (token) =>
        token.length > spelling.prefix.length && token.startsWith(spelling.prefix)
          ? token.slice(spelling.prefix.length)
          : ` ${token}`;
    case 'plain':
      if (spelling.wordEnd) return (token) => withWordEnd(token, spelling.wordEnd, (text) => text);
      return areCharacters(tokens) ? (token) => token : (token) => ` ${token}`;
  }
}

/** "cat</w>" is the end of a word. */
function withWordEnd(token: string, end: string | undefined, read: (token: string) => string): string {
  if (!end || token === end || !token.endsWith(end)) return read(token);
  return `${read(token.slice(0, -end.length))} `;
}

/** Whether tokens are single characters, but for those in brackets. */
function areCharacters(tokens: readonly (string | null)[]): boolean {
  return tokens.every((token) => token === null || [...token].length <= 1 || /^[<[].*[>\]]$/.test(token));
}

/** The character that a byte of its own stands for; other bytes stay as they are written. */
function byteOf(token: string): string | null {
  const hex = /^<0x([0-9A-F]{2})>$/i.exec(token)?.[1];
  if (hex === undefined) return null;
  const byte = Number.parseInt(hex, 16);
  return byte < 0x80 ? String.fromCharCode(byte) : token;
}

/** GPT-2's table: printable bytes are themselves, the others are letters from U+0100 on. */
const byteOfLetter: ReadonlyMap<string, number> = (() => {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  const letters = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++)
    letters.set(String.fromCodePoint(isPrintable(byte) ? byte : next++), byte);
  return letters;
})();

const strictText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Letters as the bytes that they are; a part of a character is written as its bytes, "<0xE2>". */
function bytesAsText(token: string): string {
  const bytes: number[] = [];
  for (const letter of token) {
    const byte = byteOfLetter.get(letter);
    // A token that was added by hand is written as it is.
    if (byte === undefined) return token;
    bytes.push(byte);
  }
  try {
    return strictText.decode(Uint8Array.from(bytes));
  } catch {
    return bytes
      .map((byte) =>
        byte < 0x80 ? String.fromCharCode(byte) : `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
      )
      .join('');
  }
}
