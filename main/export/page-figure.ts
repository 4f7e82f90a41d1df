import type { Figure } from '#core/figure/data.ts';
import type { PanelData } from '#core/figure/panels/panel-data.ts';
import type { PageSpec } from '#core/figure/spec.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { panelData } from './sources/panel-sources.ts';
import { RunSource } from './sources/run-source.ts';

/** A page with the numbers of its panels, read from the project. */
export async function pageFigure(database: DatabaseMethods, spec: PageSpec): Promise<Figure> {
  const source = await RunSource.open(database, spec.source.run);
  const panels: PanelData[] = [];
  for (const panel of spec.panels) {
    panels.push(await panelData(source, panel, source.placeOf(panel, spec.source)));
  }
  return { spec, data: { panels, provenance: source.provenance } };
}
