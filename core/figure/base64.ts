const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Three-byte groups per piece of text; a multiple keeps padding to the last piece. */
const groupsPerPiece = 8192;

/** RFC 4648 base64 with padding. */
export function base64Of(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let from = 0; from < bytes.length; from += 3 * groupsPerPiece) {
    pieces.push(pieceOf(bytes.subarray(from, from + 3 * groupsPerPiece)));
  }
  return pieces.join('');
}

function pieceOf(bytes: Uint8Array): string {
  const codes: number[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const word = (bytes[at] << 16) | ((left > 1 ? bytes[at + 1] : 0) << 8) | (left > 2 ? bytes[at + 2] : 0);
    codes.push(
      alphabet.charCodeAt((word >> 18) & 63),
      alphabet.charCodeAt((word >> 12) & 63),
      left > 1 ? alphabet.charCodeAt((word >> 6) & 63) : 61,
      left > 2 ? alphabet.charCodeAt(word & 63) : 61,
    );
  }
  return String.fromCharCode(...codes);
}
