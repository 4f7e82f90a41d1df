import type { TermName } from './terms.ts';

/** A piece of a sentence: plain words, or words that stand for a term of art and explain it. */
export type SentencePart = string | { term: TermName; label: string };
