import type { PlainError } from '#core/errors.ts';
import type { Client } from '#core/ipc/contract.ts';
import type { MatrixInfo, PairTable } from '#core/ipc/areas/result.ts';
import type { ResultEntry } from '#core/domain/result.ts';
import type { Result } from '#core/result.ts';
import { diagonalOrder, type DiagonalOrder } from '#core/numeric/matching/display-order.ts';
import { MatrixSource, type TileCache } from '../../plots/heatmap/matrix-source.ts';
import type { PanelName } from '../../plots/heatmap/linked-viewport.ts';

/** The matrices behind the four panels of one pair and layer. */
export interface PairMatrices {
  /** `permuted` is absent where the pair has no matching. */
  sources: Partial<Record<PanelName, MatrixSource>>;
  /** Units of A down and of B across the permuted picture. */
  order: DiagonalOrder | null;
  unitsA: number;
  unitsB: number;
}

const arrayNames: Record<PanelName, string> = {
  a: 'within-a',
  b: 'within-b',
  between: 'between',
  permuted: 'permuted',
};

/** Asks for the shapes of the four matrices and the order of the matched one. */
export async function readPairMatrices(
  client: Client,
  cache: TileCache,
  correlation: ResultEntry,
  matching: ResultEntry | undefined,
): Promise<Result<PairMatrices>> {
  const info = (entry: ResultEntry, panel: PanelName) =>
    client.result.matrix({ resultId: entry.id, array: arrayNames[panel] });
  const [a, b, between, permuted, pairs] = await Promise.all([
    info(correlation, 'a'),
    info(correlation, 'b'),
    info(correlation, 'between'),
    matching ? info(matching, 'permuted') : null,
    matching ? client.result.pairs({ resultId: matching.id }) : null,
  ]);
  const failure = firstError([a, b, between, permuted, pairs]);
  if (failure) return { ok: false, error: failure };
  const source = (entry: ResultEntry, answer: Result<MatrixInfo>, panel: PanelName) =>
    answer.ok
      ? { [panel]: new MatrixSource(client, entry.id, { ...answer.value, name: arrayNames[panel] }, cache) }
      : {};
  if (!between.ok) return between;
  return {
    ok: true,
    value: {
      sources: {
        ...source(correlation, a, 'a'),
        ...source(correlation, b, 'b'),
        ...source(correlation, between, 'between'),
        ...(matching && permuted ? source(matching, permuted, 'permuted') : {}),
      },
      order: pairs?.ok ? orderOf(pairs.value, between.value.cols) : null,
      unitsA: between.value.rows,
      unitsB: between.value.cols,
    },
  };
}

function orderOf(pairs: PairTable, unitsB: number): DiagonalOrder {
  return diagonalOrder(pairs.matchB, unitsB);
}

function firstError(answers: (Result<unknown> | null)[]): PlainError | undefined {
  for (const answer of answers) if (answer && !answer.ok) return answer.error;
  return undefined;
}
