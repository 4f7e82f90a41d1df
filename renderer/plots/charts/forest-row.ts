import type { TermName } from '../../ui/terms.ts';

/** One estimate on the common axis: a value with the ends of its interval or spread. */
export interface ForestRow {
  label: string;
  term: TermName;
  value: number;
  low?: number;
  high?: number;
  /** What the ends are, in two words. */
  ends?: string;
  ink: 'match' | 'semi' | 'accent' | 'quiet';
}
