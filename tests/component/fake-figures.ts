import type { ProjectSummary } from '#core/domain/project.ts';
import type { PlainError } from '#core/errors.ts';
import { analysesOf, galleryOf } from '#core/figure/gallery.ts';
import { layoutFigure } from '#core/figure/layout/layout-figure.ts';
import { lintScene } from '#core/figure/lint.ts';
import { panelLabel } from '#core/figure/panels/registry.ts';
import { panelBoxes } from '#core/figure/scene.ts';
import { pageSpecSchema, panelKindNames, type PageInput, type PageSpec } from '#core/figure/spec.ts';
import { sceneToSvg } from '#core/figure/svg.ts';
import type { PanelChoice, SavedFigure, ShownFigure } from '#core/ipc/areas/figure.ts';
import { pageExample } from '../unit/core/figure/panel-examples.ts';

interface Place {
  runId: string;
  a?: string;
  b?: string;
  layer?: string;
}

/** Figures of a project that is kept in memory: real layouts of invented numbers. */
export function fakeFigures(project: () => ProjectSummary | null, start: SavedFigure[] = []) {
  let saved = start;
  let made = 0;
  const runOf = (id: string) => project()?.runs.find((run) => run.id === id);
  const find = (id: string): SavedFigure => {
    const found = saved.find((figure) => figure.id === id);
    if (!found) throw failed('not-found', 'The figure is not in the project any more.');
    return found;
  };
  const put = (figure: SavedFigure) => {
    saved = [figure, ...saved.filter(({ id }) => id !== figure.id)];
    return figure;
  };
  const written = (names: string[], formats: string[]) => ({
    files: names.flatMap((name) => [
      ...formats.map((format) => `${name}.${format}`),
      ...['csv', 'caption.txt', 'figure.json'].map((end) => `${name}.${end}`),
    ]),
    folder: 'Pictures',
  });
  return {
    gallery: ({ runId, ...wish }: Place) => {
      const run = runOf(runId);
      const pairs = (run?.results ?? []).map(({ a, b }): [string, string] => [a.network, b.network]);
      if (!run || pairs.length === 0) return [];
      const [[a, b]] = pairs;
      return galleryOf(
        {
          id: run.id,
          networks: run.networks.map(({ name }) => name),
          layers: run.layers.map(({ name }) => name),
          pairs: [[a, b]],
          analyses: new Set(run.results.map(({ analysis }) => analysis)),
        },
        { a, b, layer: run.layers[0].name, ...wish },
      );
    },
    renderPage: ({ page, theme }: { page: PageInput; theme: 'light' | 'dark' }): ShownFigure => {
      try {
        const scene = layoutFigure(pageExample(pageSpecSchema.parse(page)), theme);
        const { widthMm, heightMm } = scene;
        return {
          ...{ svg: sceneToSvg(scene), widthMm, heightMm, caption: scene.description },
          ...{ warnings: lintScene(scene), panels: panelBoxes(scene) },
        };
      } catch (error) {
        throw failed('bad-request', error instanceof Error ? error.message : String(error));
      }
    },
    saved: () => saved,
    save: ({ id, name, page }: { id?: string; name: string; page: PageSpec }) => {
      const now = new Date(Date.UTC(2026, 10, 26, 18, 0, made)).toISOString();
      const before = id === undefined ? undefined : find(id);
      return put({
        ...{ id: id ?? `figure-${++made}`, name, page, createdAt: before?.createdAt ?? now, savedAt: now },
        ...{ isStale: false, staleReason: null },
      });
    },
    rename: ({ id, name }: { id: string; name: string }) => put({ ...find(id), name }),
    remove: ({ id }: { id: string }) => {
      saved = saved.filter((figure) => figure !== find(id));
      return { removed: true };
    },
    update: ({ id }: { id: string }) => put({ ...find(id), isStale: false, staleReason: null }),
    copy: () => ({ copied: true }),
    exportPageDialog: ({ name, format }: { name: string; format: string }) => written([name], [format]),
    exportAllDialog: ({ figures, formats }: { figures: { name: string }[]; formats: string[] }) =>
      written(
        figures.map(({ name }) => name),
        formats,
      ),
    openSpecDialog: () => ({ cancelled: true }),
    panelKinds: ({ runId }: Place): PanelChoice[] => {
      const has = new Set(runOf(runId)?.results.map(({ analysis }) => analysis));
      return panelKindNames.map((kind) => {
        const missing = analysesOf[kind].find((analysis) => !has.has(analysis));
        return {
          ...{ kind, label: panelLabel(kind), hint: `Shows ${panelLabel(kind).toLowerCase()}.` },
          ...{ isAvailable: !missing, whyNot: missing ? `The run holds no ${missing}.` : null },
        };
      });
    },
  };
}

function failed(code: PlainError['code'], message: string): PlainError {
  return { code, message, details: {} };
}
