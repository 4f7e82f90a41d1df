import type { ProjectRun } from '../../domain/project.ts';
import type { Provenance } from '../../domain/result.ts';
import { analysisSections } from './analysis-sections.ts';
import { documentOf, type MethodsDocument } from './document.ts';
import { networksSection, pairWords, softwareSection, unitsSection } from './setup-sections.ts';
import type { InputReading } from './reading-words.ts';

export interface MethodsSource {
  run: ProjectRun;
  /** Of the run's stored results, one of each kind at least. */
  provenance: readonly Provenance[];
  /** From the run's recipe; null where it cannot be read. */
  reading: InputReading | null;
}

/** The methods section of a run, from what is stored with it. Nothing is mentioned that was not run. */
export function methodsText({ run, provenance, reading }: MethodsSource): MethodsDocument {
  const analyses = analysisSections(run.results);
  const [first] = analyses;
  if (first) {
    const compared = `Units were compared between ${pairWords(run)}, layer by layer. `;
    analyses[0] = {
      ...first,
      paragraphs: [[compared, ...first.paragraphs[0]], ...first.paragraphs.slice(1)],
    };
  }
  return documentOf([
    networksSection(run, reading),
    unitsSection(run),
    ...analyses,
    softwareSection(run, provenance),
  ]);
}
