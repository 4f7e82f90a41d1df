import { AppError } from '#core/errors.ts';
import type { ArrayBytes } from './array-container.ts';

const mostTexts = 2 ** 24;
const mostBytes = 512 * 2 ** 20;

/** Names of samples are held in memory while they are compared. */
export function requireTextsFit(count: number, bytes: number, label: string): void {
  if (count <= mostTexts && bytes <= mostBytes) return;
  throw new AppError(
    'not-available',
    `${label} holds ${count} texts of ${bytes} bytes together; up to ${mostTexts} of ${mostBytes / 2 ** 20} MiB are read: use numbers.`,
  );
}

/** numpy's texts of one length: `U` is four bytes a character (UTF-32), `S` one; both are filled up with zeros. */
export async function decodeTexts(
  { open }: ArrayBytes,
  {
    count,
    itemBytes,
    kind,
    bigEndian,
  }: { count: number; itemBytes: number; kind: 'U' | 'S'; bigEndian: boolean },
): Promise<string[]> {
  if (itemBytes === 0) return Array<string>(count).fill('');
  const whole = new Uint8Array(count * itemBytes);
  let done = 0;
  for await (const chunk of await open()) {
    whole.set((chunk as Buffer).subarray(0, whole.length - done), done);
    done = Math.min(whole.length, done + (chunk as Buffer).length);
  }
  const view = new DataView(whole.buffer);
  const utf8 = new TextDecoder();
  return Array.from({ length: count }, (_, index) => {
    const start = index * itemBytes;
    if (kind === 'S') return utf8.decode(withoutZeros(whole.subarray(start, start + itemBytes)));
    let text = '';
    for (let at = start; at < start + itemBytes; at += 4) {
      const code = view.getUint32(at, !bigEndian);
      if (code === 0) break;
      text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
    }
    return text;
  });
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
