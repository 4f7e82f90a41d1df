/** A term of art as a tool tip tells it. */
export interface TermWords {
  label: string;
  text: string;
  formula: string;
}

export type Terms = Record<string, TermWords>;
