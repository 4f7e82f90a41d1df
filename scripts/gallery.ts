import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  copyFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exportFiles } from '#main/cli/export-project.ts';
import { openDatabase } from '#main/database/client.ts';
import { repositoryRoot } from './support/repository.ts';

/**
 * `npm run gallery -- PROJECT`: writes docs/gallery anew from a project that holds every analysis (`npm run demo` makes
 * one): every figure as SVG, PDF and PNG, its spec, and a page that shows them with their captions.
 */
const [project] = process.argv.slice(2);
if (!project) throw new Error('Name the project: npm run gallery -- FILE.consilience');
const target = join(repositoryRoot, 'docs', 'gallery');
const folder = mkdtempSync(join(tmpdir(), 'gallery-'));
const database = await openDatabase(resolve(project), 'open');
try {
  await exportFiles(database.methods, {
    out: folder,
    format: [],
    preset: 'nature-double',
    dpi: 150,
    gallery: true,
  });
  mkdirSync(target, { recursive: true });
  // Pictures of the window lie in a folder beside the figures and stay.
  for (const entry of readdirSync(target, { withFileTypes: true })) {
    if (entry.isFile()) rmSync(join(target, entry.name));
  }
  const files = readdirSync(join(folder, 'figures')).sort();
  for (const file of files.filter(isKept)) {
    copyFileSync(join(folder, 'figures', file), join(target, file));
  }
  const names = files.flatMap((file) => /^(.+)\.svg$/.exec(file)?.[1] ?? []);
  const entries = names.map((name) => {
    const caption = readFileSync(join(folder, 'figures', `${name}.caption.txt`), 'utf8').trim();
    const endings = ['svg', 'pdf', 'png', 'figure.json'].filter((ending) => isKept(`${name}.${ending}`));
    const links = endings.map((ending) => `[${ending}](${name}.${ending})`);
    const shown = isKept(`${name}.png`) ? 'png' : 'svg';
    return `## ${name}\n\n![${name}](${name}.${shown})\n\n${caption}\n\n${links.join(' · ')}\n`;
  });
  const head =
    '# Gallery\n\nEvery figure of the sample project, as `consilience export --gallery` writes it; ' +
    '[figures.md](../figures.md) tells how. Made by `npm run gallery`.\n';
  writeFileSync(join(target, 'README.md'), [head, ...entries].join('\n'));
  console.log(`${names.length} figures written to docs/gallery`);
} finally {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Data and captions are left out: the page has the captions. */
function isKept(file: string): boolean {
  return /\.(svg|pdf|png|figure\.json)$/.test(file);
}
