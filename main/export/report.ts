import { parse } from 'yaml';
import { AppError } from '#core/errors.ts';
import type { ProjectRun } from '#core/domain/project.ts';
import type { Provenance } from '#core/domain/result.ts';
import { allLayers } from '#core/domain/result.ts';
import { layoutFigure } from '#core/figure/layout/layout-figure.ts';
import { pageSpecSchema } from '#core/figure/spec.ts';
import { sceneToSvg } from '#core/figure/svg.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { numbersTables } from '#core/report/numbers-tables.ts';
import { reportPage, type ReportFigure } from '#core/report/report-page.ts';
import { themedSvg } from '#core/report/themed-svg.ts';
import { methodsText } from '#core/text/methods/methods-text.ts';
import { readingOfRecipe } from '#core/text/methods/reading-words.ts';
import { runFindings } from '#core/text/run-findings.ts';
import { version } from '#core/version.ts';
import { reportContentSecurityPolicy } from '../security/content-security-policy.ts';
import { base64, deflate } from './deflate.ts';
import { embeddedFonts } from './fonts.ts';
import { pageFigure } from './page-figure.ts';
import { runGallery, type GalleryPlace } from './run-gallery.ts';

/** The newest run of a project as one HTML page. The same project gives the same bytes. */
export async function reportOf(
  database: DatabaseMethods,
  place: Partial<GalleryPlace>,
  fontFolder: string,
): Promise<string> {
  const { title, runs } = await database.summary();
  const [run] = runs;
  if (!run) throw new AppError('not-found', 'The project holds no run yet; consilience run adds one.');
  const { figures, leftOut } = await figuresOf(database, run, place);
  const layers = run.layers.map(({ name }) => name).filter((name) => name !== allLayers);
  const provenances = await provenancesOf(database, run);
  return reportPage(
    {
      title,
      subtitle: `${run.networks.map(({ name }) => name).join(', ')} on ${run.data.file}, ${run.data.images} inputs. Consilience ${version}.`,
      findings: runFindings(run.results, layers),
      figures,
      leftOut,
      methods: methodsText({
        run,
        provenance: provenances,
        reading: readingOfRecipe(() => parse(run.recipe)),
      }),
      analyses: new Set(run.results.map(({ analysis }) => analysis)),
      tables: numbersTables(run.results),
      provenance: provenanceTable(run, provenances),
      recipe: run.recipe,
    },
    { policy: reportContentSecurityPolicy, fonts: await embeddedFonts(fontFolder) },
  );
}

async function figuresOf(
  database: DatabaseMethods,
  run: ProjectRun,
  place: Partial<GalleryPlace>,
): Promise<{ figures: ReportFigure[]; leftOut: string[] }> {
  const figures: ReportFigure[] = [];
  const leftOut: string[] = [];
  for (const { label, page } of runGallery(run, place)) {
    try {
      const figure = await pageFigure(database, pageSpecSchema.parse({ ...page, title: undefined }));
      const options = { deflate, base64, idPrefix: `f${figures.length + 1}-` };
      const [light, dark] = (['light', 'dark'] as const).map((theme) => layoutFigure(figure, theme));
      const drawing = themedSvg(sceneToSvg(light, options), sceneToSvg(dark, options));
      figures.push({ label, drawing, caption: withoutTitle(light.description, light.title) });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not-found') throw error;
      leftOut.push(error.message);
    }
  }
  return { figures, leftOut };
}

/** The caption begins with the figure's title, which the report writes itself. */
const withoutTitle = (caption: string, title: string): string => caption.replace(`${title}. `, '');

/** Of one result of every analysis: they differ in nothing that the methods text says more than once. */
async function provenancesOf(database: DatabaseMethods, run: ProjectRun): Promise<Provenance[]> {
  const firsts = new Map(run.results.map(({ analysis, id }) => [analysis, id]));
  const results = await Promise.all([...firsts.values()].map((id) => database.result(id)));
  return results.map(({ provenance }) => provenance);
}

function provenanceTable(run: ProjectRun, provenances: Provenance[]): [string, string][] {
  const software = new Map(provenances.flatMap(({ software }) => Object.entries(software)));
  const algebra = [...new Set(provenances.map(({ linearAlgebra }) => linearAlgebra))];
  return [
    ['run', run.id],
    ['run at', run.createdAt],
    [`data ${run.data.file}`, `SHA-256 ${run.data.sha256}`],
    ...(run.data.skipped ?? []).map(({ name, reason }): [string, string] => [`left out ${name}`, reason]),
    ['order of samples', `SHA-256 ${provenances[0]?.order ?? ''}`],
    ...run.networks.map(({ name, file, sha256, provider }): [string, string] => [
      `${name} ${file}`,
      `SHA-256 ${sha256}; ${provider.used === 'saved' ? 'saved activations' : `ran on ${provider.used} (asked for ${provider.asked})`}`,
    ]),
    ...run.layers.map(({ name, tensors, samples, testSamples }): [string, string] => [
      `layer ${name}`,
      `${[...new Set(Object.values(tensors))].join(', ')}; ${samples} samples, ${testSamples} held out`,
    ]),
    ...[...software].map(([name, value]): [string, string] => [name, value]),
    ['linear algebra', algebra.join('; ')],
  ];
}
