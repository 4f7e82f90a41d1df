// Where a run's time goes: `npm run profile -- RECIPE.yaml [--out FILE.svg] [--repository FOLDER]` runs the recipe from
// start to stored results with Node's own profiler in every process and thread, prints a table and writes a flame graph.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addProfile, emptyFrame, timeByKind, type CpuProfile, type Frame } from './support/cpu-profile.ts';
import { flameGraph } from './support/flame-graph.ts';
import { repositoryRoot } from './support/repository.ts';
import { lastLines, runCommand } from './support/run-command.ts';

const intervalMicroseconds = 500;

/** Scripts whose presence tells which process or thread a profile is of, the particular ones first. */
const threads: [script: string, title: string][] = [
  ['native-workers/database.worker', 'main: database thread'],
  ['native-workers/decode.worker', 'engine: decoding threads'],
  ['native-workers/count.worker', 'engine: counting threads'],
  ['native-workers/alignment.worker', 'engine: alignment threads'],
  ['native-workers/engine.process', 'engine'],
  ['main/export/figure.worker', 'main: figure thread'],
  ['main/cli/consilience', 'main'],
];

/** Node's own scripts that start a thread, and find and load modules. */
const starting =
  /^node:(internal\/(modules|bootstrap|process\/(pre_)?execution|main|source_map|deps\/amaro)|vm)/;
const startingName = '(starting, loading modules)';

/** What a call is for, by its name or the place of its script, the particular ones first. */
const kinds: [kind: string, colour: string, test: (frame: Frame) => boolean][] = [
  ['garbage collection', '#c9c2d9', ({ name }) => name === '(garbage collector)'],
  ['starting, loading modules', '#c4c4c4', ({ name }) => name === startingName],
  ['inference', '#f2a65a', ({ place }) => place.includes('onnxruntime')],
  [
    'packing, sums of batches',
    '#9cc9e3',
    ({ place }) => /native-workers\/(accumulate|fused|linalg\/(blas|symmetric))|numeric\/moments/.test(place),
  ],
  ['samples of tensors', '#b5d99c', ({ place }) => place.includes('capture/sampling')],
  [
    'reading and decoding data',
    '#8ccfb4',
    ({ place }) => /native-workers\/data\/|sharp|h5wasm|hyparquet/.test(place),
  ],
  [
    'opening models',
    '#e3c77d',
    ({ place }) => /native-workers\/onnx|protobuf|onnx-buf|tapped-session/.test(place),
  ],
  ['alignment', '#d79bb5', ({ place }) => /native-workers\/(align|lasso|linalg)|core\/numeric/.test(place)],
  [
    'storing',
    '#c79a7d',
    ({ place }) => /native-workers\/(database|files)|better-sqlite3|main\/database/.test(place),
  ],
  [
    'between processes',
    '#e58a84',
    ({ place }) =>
      /native-workers\/rpc|birpc|node:internal\/child_process|node:internal\/worker|main\/engine/.test(place),
  ],
];
const otherKind = 'other';

const args = process.argv.slice(2);
const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const repository = path.resolve(option('--repository') ?? repositoryRoot);
const recipe = args[0];
if (!recipe || recipe.startsWith('--') || process.platform === 'win32') {
  console.error(
    'Usage: npm run profile -- RECIPE.yaml [--out FILE.svg] [--repository FOLDER]   (Linux and macOS)',
  );
  process.exitCode = 2;
} else await main(path.resolve(recipe), option('--out'));

async function main(recipePath: string, out: string | undefined): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'consilience-profile-'));
  try {
    const profiles = path.join(folder, 'profiles');
    const flags = ['--cpu-prof', `--cpu-prof-dir=${profiles}`, `--cpu-prof-interval=${intervalMicroseconds}`];
    // The engine is started on the Node that this names: with the same flags.
    const node = path.join(folder, 'node');
    writeFileSync(
      node,
      `#!/bin/sh\nexec "${process.execPath}" ${flags.map((flag) => `"${flag}"`).join(' ')} "$@"\n`,
    );
    chmodSync(node, 0o755);
    const cli = path.join(repository, 'main/cli/consilience.ts');
    const project = path.join(folder, 'run.consilience');
    // Once without: what Node keeps of compiled sources is then there, as it is in any run but the first.
    await runCommand(process.execPath, [
      cli,
      'run',
      recipePath,
      '--project',
      path.join(folder, 'warm.consilience'),
    ]);
    const ran = await runCommand(process.execPath, [...flags, cli, 'run', recipePath, '--project', project], {
      env: { ...process.env, CONSILIENCE_NODE: node },
    });
    if (ran.status !== 0) {
      console.error(`The run failed:\n${lastLines(ran.stderr)}`);
      process.exitCode = 1;
      return;
    }
    report(profiles, path.basename(recipePath), out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(folder: string, title: string, out: string | undefined): void {
  const root = emptyFrame('all processes and threads');
  const roots = new Map<string, Frame>();
  for (const file of readdirSync(folder)) {
    const profile = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as CpuProfile;
    const thread = threads.find(([script]) =>
      profile.nodes.some(({ callFrame }) => callFrame.url.includes(script)),
    );
    const name = thread?.[1] ?? 'other threads';
    let frame = roots.get(name);
    if (!frame) {
      roots.set(name, (frame = emptyFrame(name)));
      root.children.set(name, frame);
    }
    addProfile(frame, profile, { placeOf, groupOf });
  }
  for (const frame of roots.values()) root.total += frame.total;
  console.log(tableOf(root));
  if (out) {
    const legend = kinds.map(([kind, colour]) => [kind, colour] as const);
    const seconds = (root.total / 1e6).toFixed(2);
    writeFileSync(out, flameGraph(`${title}: ${seconds} s on JavaScript's threads`, root, colourOf, legend));
    console.log(`The flame graph is in ${out}.`);
  }
}

/** Milliseconds by kind and thread, in Markdown. */
function tableOf(root: Frame): string {
  const names = [...root.children.keys()].sort();
  const columns = names.map((name) => timeByKind(root.children.get(name) as Frame, kindOf, otherKind));
  const rows = [...kinds.map(([kind]) => kind), otherKind];
  const cell = (times: Map<string, number>, kind: string) => {
    const ms = Math.round((times.get(kind) ?? 0) / 1000);
    return ms === 0 ? '' : String(ms);
  };
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const total = (times: Map<string, number>) =>
    String(Math.round([...times.values()].reduce((sum, time) => sum + time, 0) / 1000));
  return [
    line(['ms', ...names]),
    line(['---', ...names.map(() => '---:')]),
    ...rows.map((kind) => line([kind, ...columns.map((times) => cell(times, kind))])),
    line(['all', ...columns.map(total)]),
  ].join('\n');
}

function kindOf(frame: Frame): string | null {
  return kinds.find(([, , test]) => test(frame))?.[0] ?? null;
}

function colourOf(frame: Frame): string | null {
  return kinds.find(([, , test]) => test(frame))?.[1] ?? null;
}

/** How modules find and load one another is one bar, however deep it is. */
function groupOf(url: string): string | null {
  return starting.test(url) ? startingName : null;
}

/** From the repository on, or the package's name on. */
function placeOf(url: string): string {
  const inPackage = url.split('/node_modules/').at(-1);
  if (inPackage !== undefined && inPackage !== url) return inPackage;
  return url.replace('file://', '').replace(`${repository}/`, '');
}
