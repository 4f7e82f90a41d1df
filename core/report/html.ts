/** HTML that is safe to put into a page: made by `markup`, or vouched for by `raw`. */
export interface Html {
  readonly html: string;
}

/** Markup that was made elsewhere, already escaped. */
export const raw = (text: string): Html => ({ html: text });

type Part = Html | string | number | false | null | undefined | readonly Part[];

/** A template whose values are escaped, unless they are HTML themselves. */
export function markup(strings: TemplateStringsArray, ...values: Part[]): Html {
  return raw(
    strings.reduce((text, piece, at) => text + piece + (at < values.length ? textOf(values[at]) : ''), ''),
  );
}

function textOf(part: Part): string {
  if (part === false || part === null || part === undefined) return '';
  if (Array.isArray(part)) return part.map(textOf).join('');
  if (typeof part === 'object') return (part as Html).html;
  return escapeHtml(String(part));
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
