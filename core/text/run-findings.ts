import type { ResultEntry } from '../domain/result.ts';
import { plainText, rungFindings } from './rung-findings.ts';

/**
 * What a run found, layer by layer, in sentences: how much is shared one-to-one and how sure that is, then what more
 * than one unit at a time adds. Only what was computed is said; numbers are means over the network pairs.
 */
export function runFindings(results: readonly ResultEntry[], layers: readonly string[]): string[] {
  return layers.flatMap((layer) => {
    const said = rungFindings(results, layer).map(({ parts }) => plainText(parts));
    return said.length > 0 ? [`${layer}: ${said.join('; ')}.`] : [];
  });
}
