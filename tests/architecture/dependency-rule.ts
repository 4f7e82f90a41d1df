import path from 'node:path';
import { importedModules } from './imported-modules.ts';

/** What each runtime may import of ours, and whether it has Node's modules. */
const runtimes: Record<string, { ours: string[]; node: boolean; packages?: string[] }> = {
  core: { ours: ['core'], node: false, packages: ['zod'] },
  'native-workers': { ours: ['core', 'native-workers'], node: true },
  main: { ours: ['core', 'main'], node: true },
  preload: { ours: ['core', 'preload'], node: false },
  renderer: { ours: ['core', 'renderer'], node: false },
};

/** Packages with one home. Their package.json, read for the version, is no import of them. */
const homes: Record<string, string[]> = {
  electron: ['main/electron/', 'preload/'],
  'better-sqlite3': ['native-workers/database/'],
  'onnxruntime-node': ['native-workers/capture/', 'native-workers/linalg/'],
  koffi: ['native-workers/linalg/'],
  three: ['renderer/scene3d/', 'renderer/plots/heatmap/'],
};

const aliases: Record<string, string> = {
  '#core/': 'core/',
  '#workers/': 'native-workers/',
  '#main/': 'main/',
  '#renderer/': 'renderer/',
};

/** Sentences that say what breaks the dependency rule in one file; none for tests, scripts and settings. */
export function brokenDependencies(file: string, text: string): string[] {
  const runtime = runtimes[topFolder(file)];
  if (!runtime) return [];
  return importedModules(file, text).flatMap((module) => {
    const ours = pathOfOurs(file, module);
    if (ours !== undefined) {
      if (runtime.ours.includes(topFolder(ours))) return [];
      return [
        `${file} imports ${module}, but ${topFolder(file)} may import only ${runtime.ours.join(' and ')}.`,
      ];
    }
    return brokenByPackage(file, module, runtime);
  });
}

function brokenByPackage(file: string, module: string, runtime: (typeof runtimes)[string]): string[] {
  if (module.startsWith('node:')) {
    return runtime.node ? [] : [`${file} imports ${module}, but ${topFolder(file)} has no Node.`];
  }
  const name = packageOf(module);
  if (runtime.packages && !runtime.packages.includes(name)) {
    return [
      `${file} imports ${name}; the only package of ${topFolder(file)} is ${runtime.packages.join(', ')}.`,
    ];
  }
  const home = homes[name];
  if (!home || module === `${name}/package.json` || home.some((folder) => file.startsWith(folder))) return [];
  return [`${file} imports ${name}, which belongs in ${home.join(' or ')}.`];
}

/** Where a module of ours lies in the repository; undefined for packages and Node's own. */
function pathOfOurs(file: string, module: string): string | undefined {
  if (module.startsWith('.')) return path.posix.join(path.posix.dirname(file), module);
  if (module.startsWith('/')) return module.slice(1);
  const alias = Object.keys(aliases).find((prefix) => module.startsWith(prefix));
  if (alias) return aliases[alias] + module.slice(alias.length);
  return module.startsWith('#') ? module : undefined;
}

function topFolder(file: string): string {
  return file.split('/')[0] ?? '';
}

function packageOf(module: string): string {
  return module.split('/', module.startsWith('@') ? 2 : 1).join('/');
}
