import type { Inline, MethodsDocument } from './document.ts';
import { version } from '../../version.ts';
import { references, type Reference, type ReferenceKey } from './references.ts';

export const methodsFormats = ['text', 'markdown', 'latex'] as const;
export type MethodsFormat = (typeof methodsFormats)[number];

/** The document with numbered citations and a list of references, or with \cite and the .bib file apart. */
export function writeMethods(document: MethodsDocument, format: MethodsFormat): string {
  if (format === 'latex') return latex(document);
  const numberOf = numbering(document);
  const words = (parts: readonly Inline[]) =>
    parts
      .map((part) => (typeof part === 'string' ? part : `[${part.cite.map(numberOf).join(', ')}]`))
      .join('')
      .trim();
  const isMarkdown = format === 'markdown';
  const bullet = isMarkdown ? '- ' : '  ';
  const heading = (text: string) => (isMarkdown ? `## ${text}` : text);
  const sections = document.sections.map(({ heading: title, paragraphs, list = [] }) =>
    [
      heading(title),
      ...paragraphs.map(words),
      ...(list.length > 0 ? [list.map((line) => bullet + line).join('\n')] : []),
    ].join('\n\n'),
  );
  const entries = document.references.map((key) => {
    const at = numberOf(key);
    return isMarkdown
      ? `${at}. ${referenceText(references[key])}`
      : `[${at}] ${referenceText(references[key])}`;
  });
  const list = entries.length > 0 ? [[heading('References'), entries.join('\n')].join('\n\n')] : [];
  return `${[...sections, ...list].join('\n\n')}\n`;
}

function numbering({ references: keys }: MethodsDocument): (key: ReferenceKey) => number {
  const at = new Map(keys.map((key, index) => [key, index + 1]));
  return (key) => at.get(key) ?? 0;
}

/** `Li, Y., Yosinski, J. (2016). Title. Where 12, 3–4. https://doi.org/...` */
export function referenceText(reference: Reference): string {
  const { authors, title, year, where, volume, pages } = reference;
  const place = [where + (volume ? ` ${volume}` : ''), pages].filter(Boolean).join(', ');
  const release = reference.type === 'software' ? `, version ${version}` : '';
  const end = /[?!]$/.test(title) ? '' : '.';
  return [
    `${authors.map(shortName).join(', ')} (${year}). ${title}${end} ${place}${release}.`,
    linkOf(reference),
  ]
    .filter(Boolean)
    .join(' ');
}

export function linkOf({ doi, arxiv, url }: Reference): string {
  if (doi) return `https://doi.org/${doi}`;
  if (arxiv) return `https://arxiv.org/abs/${arxiv}`;
  return url ?? '';
}

function shortName(name: string): string {
  if (name.startsWith('{')) return name.slice(1, -1);
  const [family, given = ''] = name.split(', ');
  const initials = given
    .split(/[\s]+/)
    .map((word) =>
      word
        .replace(/^(\p{L})[\p{L}]*/u, '$1.')
        .replace(/\.+$/, '.')
        .replace(/-(\p{L})\p{L}*/gu, '-$1.'),
    )
    .join(' ');
  return initials ? `${family}, ${initials}` : family;
}

const latexWords: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '−': '$-$',
  '–': '--',
  '’': "'",
  '×': '$\\times$',
  '·': '$\\cdot$',
  '±': '$\\pm$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  '½': '$\\tfrac{1}{2}$',
  '₁': '$_1$',
  '‖': '$\\|$',
  ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((digit, at) => [digit, `$^{${at}}$`])),
  '⁻': '$^{-}$',
  α: '$\\alpha$',
  λ: '$\\lambda$',
  ε: '$\\varepsilon$',
  μ: '$\\mu$',
  σ: '$\\sigma$',
  Σ: '$\\sum$',
};

/** Text for LaTeX: special characters escaped, symbols in mathematics. */
export function latexText(text: string): string {
  return [...text].map((character) => latexWords[character] ?? character).join('');
}

function latex({ sections }: MethodsDocument): string {
  const words = (parts: readonly Inline[]) =>
    parts
      .map((part) => (typeof part === 'string' ? latexText(part) : `\\cite{${part.cite.join(',')}}`))
      .join('')
      .replace(/ \\cite/g, '~\\cite')
      .trim();
  const written = sections.map(({ heading, paragraphs, list = [] }) => {
    const items = list.map((line) => `  \\item ${latexText(line)}`).join('\n');
    return [
      `\\subsection*{${latexText(heading)}}`,
      ...paragraphs.map(words),
      ...(items ? [`\\begin{itemize}\n${items}\n\\end{itemize}`] : []),
    ].join('\n\n');
  });
  return `${written.join('\n\n')}\n`;
}

const kinds: Record<Reference['type'], string> = {
  article: 'article',
  inproceedings: 'inproceedings',
  book: 'book',
  misc: 'misc',
  software: 'misc',
};

/** A .bib file of everything that is cited. */
export function bibtexOf({ references: keys }: MethodsDocument): string {
  return keys.map((key) => bibtexEntry(key, references[key])).join('\n\n') + (keys.length > 0 ? '\n' : '');
}

function bibtexEntry(key: string, reference: Reference): string {
  const { type, authors, title, year, where, volume, pages, doi, arxiv } = reference;
  const place = { article: 'journal', inproceedings: 'booktitle', book: 'publisher' }[type as string];
  const fields: [string, string | undefined][] = [
    ['author', authors.map((name) => (name.startsWith('{') ? name : latexText(name))).join(' and ')],
    ['title', `{${latexText(title)}}`],
    ...(place ? [[place, latexText(where)] as [string, string]] : []),
    ['volume', volume],
    ['pages', pages && latexText(pages)],
    ['year', String(year)],
    ['doi', doi],
    ['eprint', arxiv],
    ['archiveprefix', arxiv && 'arXiv'],
    ['note', type === 'software' ? `Version ${version}` : undefined],
  ];
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
  return `@${kinds[type]}{${key},\n${lines.join(',\n')}\n}`;
}
