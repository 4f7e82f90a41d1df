import { AppError } from '#core/errors.ts';

const pointsPerMm = 72 / 25.4;

/**
 * The same one-page PDF with its page cut to exactly `widthMm` x `heightMm` from the top left corner, and with
 * document information that holds no date and no name of a browser, so that equal drawings give equal bytes.
 * Chromium rounds page sizes to whole pixels (0.26 mm); what is printed must therefore be at least that much
 * larger than what is wanted. Reads the classic cross-reference table that Chromium writes (PDF 1.4, ISO 32000-1
 * section 7.5.4) and writes the file anew.
 */
export function setPageSize(pdf: Uint8Array, widthMm: number, heightMm: number): Uint8Array {
  const text = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).toString('latin1');
  const { header, objects, root, info } = readObjects(text);
  const pages = [...objects].filter(([, body]) => /\/Type\s*\/Page\b/.test(dictionaryOf(body)));
  if (pages.length !== 1) throw unreadable(`it has ${pages.length} pages`);
  const [pageNumber, page] = pages[0];
  objects.set(pageNumber, withMediaBox(page, widthMm * pointsPerMm, heightMm * pointsPerMm));
  if (info !== null) objects.set(info, `${info} 0 obj\n<</Creator (Consilience)>>\nendobj\n`);
  return writeObjects(header, objects, root, info);
}

/** Object number -> its bytes as latin-1, from `N 0 obj` up to the next object. */
interface PdfObjects {
  /** Everything before the first object. */
  header: string;
  objects: Map<number, string>;
  root: number;
  info: number | null;
}

function readObjects(text: string): PdfObjects {
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1] ?? NaN);
  const table = /^xref\s+0 (\d+)\s*\n/.exec(text.slice(start, start + 40));
  const trailer = /trailer\s*<<(.*?)>>\s*startxref/s.exec(text.slice(start))?.[1] ?? '';
  const root = /\/Root (\d+) 0 R/.exec(trailer);
  if (!table || !root) throw unreadable('it has no cross-reference table');
  const rows = text.slice(start + table[0].length).split('\n', Number(table[1]));
  const offsets = rows.flatMap((row, number) =>
    row[17] === 'n' ? [{ number, offset: Number(row.slice(0, 10)) }] : [],
  );
  offsets.sort((one, other) => one.offset - other.offset);
  const objects = new Map(
    offsets.map(({ number, offset }, i) => [number, text.slice(offset, offsets[i + 1]?.offset ?? start)]),
  );
  const info = /\/Info (\d+) 0 R/.exec(trailer);
  return {
    header: text.slice(0, offsets[0]?.offset ?? 0),
    objects,
    root: Number(root[1]),
    info: info ? Number(info[1]) : null,
  };
}

/** An object without the bytes of its stream. */
function dictionaryOf(body: string): string {
  const stream = body.indexOf('stream');
  return stream < 0 ? body : body.slice(0, stream);
}

function withMediaBox(page: string, width: number, height: number): string {
  const box = /\/MediaBox\s*\[\s*([\d.-]+)\s+([\d.-]+)\s+([\d.-]+)\s+([\d.-]+)\s*\]/.exec(page);
  if (!box) throw unreadable('its page has no MediaBox');
  const [left, , , top] = box.slice(1).map(Number);
  const corners = [left, top - height, left + width, top].map((value) => Number(value.toFixed(4)));
  return page.replace(box[0], `/MediaBox [${corners.join(' ')}]`);
}

function writeObjects(
  header: string,
  objects: Map<number, string>,
  root: number,
  info: number | null,
): Uint8Array {
  const parts = [header];
  const offsets = new Map<number, number>();
  let length = header.length;
  for (const [number, body] of objects) {
    offsets.set(number, length);
    parts.push(body);
    length += body.length;
  }
  const size = Math.max(...objects.keys()) + 1;
  const rows = Array.from({ length: size }, (_row, number) => {
    const offset = offsets.get(number);
    return offset === undefined ? '0000000000 65535 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const infoEntry = info === null ? '' : `\n/Info ${info} 0 R`;
  parts.push(`xref\n0 ${size}\n${rows.join('')}`);
  parts.push(`trailer\n<</Size ${size}\n/Root ${root} 0 R${infoEntry}>>\nstartxref\n${length}\n%%EOF\n`);
  return new Uint8Array(Buffer.from(parts.join(''), 'latin1'));
}

function unreadable(why: string): AppError {
  return new AppError(
    'internal',
    `The printed PDF could not be cut to size: ${why}. Export SVG or PNG instead.`,
  );
}
