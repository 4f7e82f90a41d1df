import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildApp, isBuildStale } from '../electron/build-app.ts';
import { describeElectron, obtainElectron } from '../electron/obtain.ts';
import { sqliteBindingFor } from '../electron/sqlite-binding.ts';
import { runCommand } from '../support/run-command.ts';
import { findE2ePlace } from '../test-run/e2e-place.ts';
import { writeLargeProject } from '../../tests/e2e/support/large-project.ts';

/** Of the two projects that are opened; the larger one's matrices hold a gigabyte. */
const widths = [2048, 8192];

/**
 * `npm run bench -- window [UNITS ...]`: time in real Electron. From the start of the program to its first screen, from
 * a project file to its first heat map, between views, and of a frame while a heat map is zoomed.
 */
export async function bench(args: string[]): Promise<void> {
  const electron = await obtainElectron();
  if ('missing' in electron) return refuse(electron.missing);
  const binding = await sqliteBindingFor(electron);
  if ('missing' in binding) return refuse(binding.missing);
  if ((await isBuildStale()) && !(await buildApp())) return refuse('The app did not build.');
  const place = await findE2ePlace(electron, binding.path);
  if ('missing' in place) return refuse(place.missing);
  const folder = await mkdtemp(path.join(place.reportFolder ?? tmpdir(), 'consilience-window-'));
  try {
    console.log(`${describeElectron(electron)}, ${place.description}.`);
    const projects: string[] = [];
    for (const units of args.length > 0 ? args.map(Number) : widths) {
      const file = path.join(folder, `wide-${units}.consilience`);
      await writeLargeProject(file, { units });
      console.log(
        `A project with ${units} x ${units} units: ${((await stat(file)).size / 1e9).toFixed(2)} GB.`,
      );
      projects.push(file);
    }
    // The window's user must reach, and lock, what this process wrote.
    await runCommand('chmod', ['-R', 'a+rwX', folder], { cwd: folder });
    const measure = path.join(place.cwd, 'scripts', 'bench', 'window-measure.ts');
    const [command, all] = place.wrap(place.node, [measure, ...projects]);
    const run = await runCommand(command, all, { cwd: place.cwd, env: place.env, output: 'show' });
    if (run.status !== 0) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await place.dispose();
  }
}

function refuse(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}
