import { describe, expect, it } from 'vitest';
import { setPageSize } from '#main/export/pdf-page-size.ts';

/** A PDF as Chromium writes it: the information first, a classic table, no compressed objects. */
function pdfWith(page: string, info = '<</CreationDate (D:20240101)>>'): Uint8Array {
  const bodies = [info, page, '<</Type /Pages /Count 1 /Kids [2 0 R]>>', '<</Type /Catalog /Pages 3 0 R>>'];
  let text = '%PDF-1.4\n%\xd3\xeb\xe9\xe1\n';
  const offsets = bodies.map((body, i) => {
    const offset = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const start = text.length;
  text += `xref\n0 5\n0000000000 65535 f \n${offsets.join('')}trailer\n<</Size 5\n/Root 4 0 R\n/Info 1 0 R>>\n`;
  return new Uint8Array(Buffer.from(`${text}startxref\n${start}\n%%EOF\n`, 'latin1'));
}

const page = '<</Type /Page\n/MediaBox [0 0 260 204]\n/Parent 3 0 R>>';
const textOf = (pdf: Uint8Array) => Buffer.from(pdf).toString('latin1');

describe('page size of a printed PDF', () => {
  it('is cut from the top left corner to the thousandth of a point', () => {
    const box = /MediaBox \[([^\]]+)\]/.exec(textOf(setPageSize(pdfWith(page), 89, 70)));
    const [left, bottom, right, top] = box![1].split(' ').map(Number);
    expect(left).toBe(0);
    expect(top).toBe(204);
    expect(((right - left) / 72) * 25.4).toBeCloseTo(89, 3);
    expect(((top - bottom) / 72) * 25.4).toBeCloseTo(70, 3);
  });

  it('leaves every object where the table says it is', () => {
    const text = textOf(setPageSize(pdfWith(page), 89, 70));
    const start = Number(/startxref\n(\d+)/.exec(text)![1]);
    const rows = text.slice(start).split('\n').slice(2, 7);
    expect(rows[0]).toBe('0000000000 65535 f ');
    rows.slice(1).forEach((row, i) => {
      expect(text.slice(Number(row.slice(0, 10)))).toMatch(new RegExp(`^${i + 1} 0 obj\n`));
    });
  });

  it('holds no date, so equal drawings give equal bytes', () => {
    const first = setPageSize(pdfWith(page), 89, 70);
    const second = setPageSize(
      pdfWith(page, '<</CreationDate (D:20991231235959) /Creator (Browser)>>'),
      89,
      70,
    );
    expect(textOf(first)).not.toContain('CreationDate');
    expect(second).toEqual(first);
  });

  it.each([
    ['no table', new Uint8Array(Buffer.from('%PDF-1.7\nstartxref\n5\n%%EOF\n'))],
    ['no MediaBox', pdfWith('<</Type /Page /Parent 3 0 R>>')],
    ['no page', pdfWith('<</Type /Font>>')],
  ])('is refused in words for a file with %s', (_name, pdf) => {
    expect(() => setPageSize(pdf, 89, 70)).toThrow(/could not be cut to size/);
  });
});
