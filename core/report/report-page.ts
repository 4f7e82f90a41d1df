import type { AnalysisName } from '../domain/recipe.ts';
import type { MethodsDocument } from '../text/methods/document.ts';
import { references } from '../text/methods/references.ts';
import { linkOf, referenceText } from '../text/methods/write-methods.ts';
import { formulas } from './formulas.ts';
import { markup, raw } from './html.ts';
import type { Html } from './html.ts';
import type { NumbersTable } from './numbers-tables.ts';
import { reportStyle } from './report-style.ts';
import { colourProperty, type ThemedSvg } from './themed-svg.ts';

export interface ReportFigure {
  label: string;
  /** SVG text of a figure of ours, in the colours of the page. */
  drawing: ThemedSvg;
  caption: string;
}

export interface ReportContent {
  title: string;
  subtitle: string;
  findings: string[];
  figures: ReportFigure[];
  /** Sentences about figures that could not be made. */
  leftOut: string[];
  methods: MethodsDocument;
  analyses: ReadonlySet<AnalysisName>;
  tables: NumbersTable[];
  /** Name and value, for the table of provenance. */
  provenance: [name: string, value: string][];
  recipe: string;
}

export interface ReportShell {
  /** Content security policy of the page. */
  policy: string;
  /** The figures' font in base64. */
  fonts: { regular: string; bold: string; italic: string };
}

/** One self-contained page: it names nothing outside itself, and runs no script. */
export function reportPage(content: ReportContent, shell: ReportShell): string {
  const sections = [
    { id: 'findings', title: 'Findings', body: findings(content) },
    { id: 'figures', title: 'Figures', body: figures(content) },
    { id: 'methods', title: 'Methods', body: methods(content.methods) },
    { id: 'formulas', title: 'Formulas', body: formulaList(content.analyses) },
    { id: 'numbers', title: 'Numbers', body: markup`${content.tables.map(numbersTable)}` },
    { id: 'provenance', title: 'Provenance', body: provenance(content) },
  ];
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${shell.policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${content.title}</title>
<style>${raw(fontFaces(shell.fonts))}${raw(reportStyle)}${raw(figureColours(content.figures))}</style>
</head>
<body>
<main>
<header>
<h1>${content.title}</h1>
<p class="quiet">${content.subtitle}</p>
<nav aria-label="Sections"><ol>${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
</header>
${sections.map(
  ({ id, title, body }) => markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}
</section>
`,
)}
</main>
</body>
</html>
`;
  return page.html;
}

function fontFaces({ regular, bold, italic }: ReportShell['fonts']): string {
  const face = (data: string, weight: string, style: string): string =>
    `@font-face{font-family:Arimo;font-weight:${weight};font-style:${style};src:url(data:font/ttf;base64,${data}) format("truetype")}`;
  return face(regular, 'normal', 'normal') + face(bold, 'bold', 'normal') + face(italic, 'normal', 'italic');
}

/** The colours that differ between the light page and the dark one; paper is light. */
function figureColours(figures: ReportFigure[]): string {
  const pairs = new Map(
    figures.flatMap(({ drawing }) => drawing.colours.map((pair) => [colourProperty(pair), pair])),
  );
  const root = (theme: 0 | 1): string =>
    `:root{${[...pairs].map(([name, pair]) => `${name}:${pair[theme]}`).join(';')}}`;
  return `${root(0)}@media screen and (prefers-color-scheme:dark){${root(1)}}`;
}

function findings({ findings: said }: ReportContent): Html {
  if (said.length === 0) return markup`<p>No analysis of this run has a finding to tell yet.</p>`;
  return markup`<ul class="findings">${said.map((sentence) => markup`<li>${sentence}</li>`)}</ul>`;
}

function figures({ figures: list, leftOut }: ReportContent): Html {
  return markup`${list.map(
    ({ drawing, caption, label }, at) => markup`<figure id="figure-${at + 1}">
<div class="plate">${raw(drawing.svg.trim())}</div>
<figcaption><b>Figure ${at + 1}. ${label}.</b> ${caption}</figcaption>
</figure>
`,
  )}${leftOut.map((sentence) => markup`<p class="quiet">Left out: ${sentence}</p>`)}`;
}

function methods({ sections, references: keys }: MethodsDocument): Html {
  const numberOf = new Map(keys.map((key, at) => [key, at + 1]));
  const body = sections.map(
    ({ heading, paragraphs, list = [] }) => markup`<h3>${heading}</h3>
${paragraphs.map(
  (parts) => markup`<p>${parts.map((part) =>
    typeof part === 'string'
      ? part
      : markup`[${part.cite.map((key, at) => markup`${at > 0 && ', '}<a href="#reference-${numberOf.get(key)}">${numberOf.get(key)}</a>`)}]`,
  )}</p>
`,
)}${
      list.length > 0 &&
      markup`<ul>${list.map((line) => markup`<li><code>${line}</code></li>`)}</ul>
`
    }`,
  );
  const works = keys.map((key, at) => {
    const link = linkOf(references[key]);
    const text = referenceText(references[key]);
    const plain = link ? text.replace(link, '').trim() : text;
    return markup`<li id="reference-${at + 1}">${plain}${link && markup` <a href="${link}" rel="noreferrer">${link}</a>`}</li>
`;
  });
  return markup`${body}${works.length > 0 && markup`<h3>References</h3><ol>${works}</ol>`}`;
}

function formulaList(analyses: ReadonlySet<AnalysisName>): Html {
  return markup`${formulas
    .filter(({ analysis }) => analyses.has(analysis))
    .map(
      ({
        name,
        formula,
        where,
      }) => markup`<div class="formula"><span>${name}</span>${formula}<p class="where">${where}</p></div>
`,
    )}`;
}

function numbersTable({ title, columns, rows }: NumbersTable): Html {
  return markup`<h3>${title}</h3>
<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr>${columns.map((column) => markup`<th class="wrap" scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (cells) => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>
`,
)}</tbody></table></div>
`;
}

function provenance({ provenance: entries, recipe }: ReportContent): Html {
  return markup`<div class="scroll words"><table><tbody>
${entries.map(
  ([name, value]) => markup`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>
`,
)}</tbody></table></div>
<h3>Recipe</h3>
<pre>${recipe}</pre>`;
}
