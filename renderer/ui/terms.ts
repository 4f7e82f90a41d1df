import type { InformationUnit } from './information-unit.ts';
import { certaintyTerms } from './terms/certainty.ts';
import { codeTerms } from './terms/code.ts';
import { generalTerms } from './terms/general.ts';
import { groupsTerms } from './terms/groups.ts';
import { informationInBits, informationTerms } from './terms/information.ts';
import { matchingTerms } from './terms/matching.ts';
import { networksTerms } from './terms/networks.ts';
import { sparseMappingTerms } from './terms/sparse-mapping.ts';
import { subspacesTerms } from './terms/subspaces.ts';
import type { TermWords } from './terms/term.ts';

/** Terms of art: what they mean, and their formula, rung by rung. */
export const terms = {
  ...matchingTerms,
  ...informationTerms,
  ...sparseMappingTerms,
  ...groupsTerms,
  ...subspacesTerms,
  ...codeTerms,
  ...certaintyTerms,
  ...networksTerms,
  ...generalTerms,
};
export type TermName = keyof typeof terms;

const inBits: Partial<Record<TermName, Pick<TermWords, 'text' | 'formula'>>> = informationInBits;

export function termIn(unit: InformationUnit, name: TermName): TermWords {
  return unit === 'bits' ? { ...terms[name], ...inBits[name] } : terms[name];
}
