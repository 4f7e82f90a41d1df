import { buildApp } from './electron/build-app.ts';
import { describeElectron, obtainElectron } from './electron/obtain.ts';
import { sqliteBindingFor } from './electron/sqlite-binding.ts';
import { describeMissing, ensureSystemPackages, findChromium, findCommand } from './system-packages.ts';
import { NOTHING, addCounts, formatCounts } from './test-run/counts.ts';
import type { Counts } from './test-run/counts.ts';
import { findE2ePlace } from './test-run/e2e-place.ts';
import { countTests, hasTests, runProject } from './test-run/vitest-project.ts';
import type { RunPlace } from './test-run/vitest-project.ts';

const PROJECTS = { node: runNode, browser: runBrowser, e2e: runE2e };
type ProjectName = keyof typeof PROJECTS;

/** `npm test` runs everything that this machine can; `npm test -- node e2e` only those projects. */
async function runTests(asked: string[]): Promise<number> {
  const unknown = asked.filter((name) => !(name in PROJECTS));
  if (unknown.length > 0) {
    process.stderr.write(
      `No test project is called ${unknown.join(', ')}: ${Object.keys(PROJECTS).join(', ')}.\n`,
    );
    return 2;
  }
  const names = (asked.length > 0 ? asked : Object.keys(PROJECTS)) as ProjectName[];
  const missing = await ensureSystemPackages();
  for (const line of describeMissing(missing, Boolean(findCommand('apt-get')))) say(line);
  let total = NOTHING;
  for (const name of names) {
    say(`\n== Tests: ${name}`);
    total = addCounts(total, await PROJECTS[name]().catch((error: Error) => failWhole(name, error.message)));
  }
  say(`\n${formatCounts(total)}`);
  return total.failed > 0 ? 1 : 0;
}

function runNode(): Promise<Counts> {
  return run('node');
}

async function runBrowser(): Promise<Counts> {
  if (!(await hasTests('browser'))) return none('browser');
  const chromium = findChromium();
  if (!chromium) {
    return skipWhole(
      'browser',
      'no Chromium found: install it, or set CONSILIENCE_CHROMIUM to its executable',
    );
  }
  return run('browser', { env: { ...process.env, CONSILIENCE_CHROMIUM: chromium } });
}

async function runE2e(): Promise<Counts> {
  if (!(await hasTests('e2e'))) return none('e2e');
  const electron = await obtainElectron();
  if ('missing' in electron) return skipWhole('e2e', electron.missing);
  say(`${describeElectron(electron)}.`);
  const binding = await sqliteBindingFor(electron);
  if ('missing' in binding) return skipWhole('e2e', binding.missing);
  if (!(await buildApp())) {
    return addCounts(
      failWhole('e2e', 'the app did not build'),
      await skipWhole('e2e', 'there is no built app'),
    );
  }
  const place = await findE2ePlace(electron, binding.path);
  if ('missing' in place) return skipWhole('e2e', place.missing);
  say(`Real Electron runs ${place.description}.`);
  try {
    return await run('e2e', place);
  } finally {
    await place.dispose();
  }
}

async function run(project: ProjectName, place?: RunPlace): Promise<Counts> {
  const { counts, skippedTests, failures, secondTries } = await runProject(project, place);
  for (const failure of failures) say(`failed: ${failure}`);
  for (const test of secondTries) say(`passed on the second try: ${test}`);
  for (const test of skippedTests) say(`skipped: ${test}`);
  say(`${project}: ${formatCounts(counts)}`);
  return counts;
}

async function skipWhole(project: ProjectName, reason: string): Promise<Counts> {
  const skipped = await countTests(project);
  say(`skipped: all ${skipped} tests of ${project}: ${reason}`);
  return { ...NOTHING, skipped };
}

function none(project: ProjectName): Counts {
  say(`The project ${project} has no tests.`);
  return NOTHING;
}

function failWhole(project: ProjectName, reason: string): Counts {
  say(`failed: ${project}: ${reason}`);
  return { ...NOTHING, failed: 1 };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await runTests(process.argv.slice(2));
