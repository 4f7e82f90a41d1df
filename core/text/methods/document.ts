import type { ReferenceKey } from './references.ts';

/** Words, or works that they rest on. */
export type Inline = string | { cite: ReferenceKey[] };

export interface MethodsSection {
  heading: string;
  paragraphs: Inline[][];
  /** Lines of a list below the paragraphs. */
  list?: string[];
}

/** A methods section of a paper; the formats differ only in how they write it. */
export interface MethodsDocument {
  sections: MethodsSection[];
  /** Every work that is cited, in the order of its first citation. */
  references: ReferenceKey[];
}

export const cite = (...keys: ReferenceKey[]): Inline => ({ cite: keys });

export function documentOf(sections: readonly (MethodsSection | null)[]): MethodsDocument {
  const said = sections.filter((section) => section !== null);
  const keys = said.flatMap(({ paragraphs }) =>
    paragraphs.flat().flatMap((part) => (typeof part === 'string' ? [] : part.cite)),
  );
  return { sections: said, references: [...new Set(keys)] };
}
