import { AppError } from '#core/errors.ts';
import type { FigureSources, StoredFigure } from '#core/domain/figure.ts';
import type { PageSpec } from '#core/figure/spec.ts';
import { inserts, keyedQueries, listQueries } from './queries.ts';
import type { Sql } from './sql.ts';

interface FigureRow {
  figure_id: string;
  name: string;
  page: string;
  sources: string;
  created_at: string;
  saved_at: string;
}

function figureOf(row: FigureRow): StoredFigure {
  return {
    id: row.figure_id,
    name: row.name,
    page: JSON.parse(row.page) as PageSpec,
    sources: JSON.parse(row.sources) as FigureSources,
    createdAt: row.created_at,
    savedAt: row.saved_at,
  };
}

/** The one saved last first. */
export function listFigures(sql: Sql): StoredFigure[] {
  return sql.all<FigureRow>(listQueries.figures).map(figureOf);
}

/** @throws AppError `not-found` */
export function getFigure(sql: Sql, id: string): StoredFigure {
  const row = sql.get<FigureRow>(keyedQueries.figure, id);
  if (!row) {
    throw new AppError(
      'not-found',
      'This figure is not in the project any more. Save it as a new one, or choose another.',
      { figureId: id },
    );
  }
  return figureOf(row);
}

/** The same id again replaces the figure, which keeps the time it was made. */
export function putFigure(sql: Sql, figure: StoredFigure): void {
  const { id, name, createdAt, savedAt } = figure;
  const [page, sources] = [figure.page, figure.sources].map((part) => JSON.stringify(part));
  sql.write(() => {
    sql.run(inserts.figure, id, name, page, sources, createdAt, savedAt);
  });
}

/** @throws AppError `not-found` */
export function renameFigure(sql: Sql, id: string, name: string): void {
  sql.write(() => {
    getFigure(sql, id);
    sql.run(keyedQueries.renameFigure, name, id);
  });
}

/** @throws AppError `not-found` */
export function removeFigure(sql: Sql, id: string): void {
  sql.write(() => {
    getFigure(sql, id);
    sql.run(keyedQueries.deleteFigure, id);
  });
}
