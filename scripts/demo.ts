import { rm, mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { exportFiles } from '../main/cli/export-project.ts';
import { run } from '../main/cli/run.ts';
import { openDatabase } from '../main/database/client.ts';
import { toPlainError } from '../core/errors.ts';
import { repositoryRoot } from './support/repository.ts';

/** `npm run demo`: the sample networks compared by every method, from nothing to figures, headless. */
async function demo(): Promise<void> {
  const folder = join(repositoryRoot, 'out', 'demo');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const project = join(folder, 'digits.consilience');
  console.log(
    'Four networks of one architecture, trained on handwritten digits from four seeds: what did they share?\n',
  );
  await run(join(repositoryRoot, 'samples', 'digits-ladder.yaml'), { project });
  const figures = await exportDemo(project, folder);
  const show = (path: string) => relative(repositoryRoot, path);
  console.log(`
Where to look
  ${show(join(folder, 'figures', 'layer-means.png'))}  mean semi-match and match per layer (Figure 4 of the paper)
  ${show(join(folder, 'figures'))}  correlation matrices and matching curves of Net1 and Net2, as SVG and PNG with their data (CSV) and captions
  ${show(join(folder, 'arrays'))}  the same pair's arrays (NumPy), tables (CSV) and provenance (JSON), ${figures} files in all
  ${show(project)}  the project, all six pairs; npm start opens the window, "Open project" shows it`);
}

/** Arrays and figures of the first pair, every layer; and the figure over all pairs. */
async function exportDemo(project: string, folder: string): Promise<number> {
  const database = await openDatabase(project, 'open');
  try {
    const entries = await database.methods.results();
    const pair = entries.filter((entry) => entry.a.network === 'Net1' && entry.b.network === 'Net2');
    const common = { preset: 'nature-double', dpi: 300 } as const;
    const arrays = await exportFiles(database.methods, {
      ...common,
      out: join(folder, 'arrays'),
      result: pair.map((entry) => entry.id),
      format: ['npy', 'csv', 'json'],
    });
    const pictures = await exportFiles(database.methods, {
      ...common,
      out: folder,
      result: pair.map((entry) => entry.id),
      format: ['svg', 'png'],
    });
    return arrays.length + pictures.length;
  } finally {
    await database.close();
  }
}

try {
  await demo();
} catch (error) {
  console.error(toPlainError(error).message);
  process.exitCode = 1;
}
