import { parse } from 'yaml';
import type { ProjectRun } from '#core/domain/project.ts';
import type { Provenance, ResultEntry } from '#core/domain/result.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { Result } from '#core/result.ts';
import { methodsText } from '#core/text/methods/methods-text.ts';
import { readingOfRecipe } from '#core/text/methods/reading-words.ts';
import type { MethodsDocument } from '#core/text/methods/document.ts';

/** One result of every analysis and set of options: those of one kind were made together. */
function samplesOf(run: ProjectRun): ResultEntry[] {
  const kinds = new Map(
    run.results.map((result) => {
      const { sample: _sample, networks: _networks, ...options } = result.params;
      return [JSON.stringify([result.analysis, options]), result];
    }),
  );
  return [...kinds.values()];
}

export async function readMethods(client: Client, run: ProjectRun): Promise<Result<MethodsDocument>> {
  const answers = await Promise.all(samplesOf(run).map(({ id }) => client.result.get({ resultId: id })));
  const provenance: Provenance[] = [];
  for (const answer of answers) {
    if (!answer.ok) return answer;
    provenance.push(answer.value.provenance);
  }
  return {
    ok: true,
    value: methodsText({ run, provenance, reading: readingOfRecipe(() => parse(run.recipe)) }),
  };
}
