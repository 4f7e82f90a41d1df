import { describe, expect, it } from 'vitest';
import { brokenDependencies } from './dependency-rule.ts';
import { importedModules } from './imported-modules.ts';
import { repositoryFiles, textOf } from './repository-files.ts';

const sources = repositoryFiles().filter(
  (file) => /\.(ts|mts|js|mjs|cjs|svelte)$/.test(file) && !file.endsWith('.as.ts'),
);

describe('the dependency rule', () => {
  it('holds in every source file', () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(sources.flatMap((file) => brokenDependencies(file, textOf(file)))).toEqual([]);
  });

  it.each([
    ['core/numeric/a.ts', "import { readFileSync } from 'node:fs';"],
    ['core/numeric/a.ts', "import { scaleLinear } from 'd3-scale';"],
    ['core/numeric/a.ts', "import { x } from '../../main/app/services.ts';"],
    ['core/numeric/a.ts', "export * from '#workers/rpc/entry.ts';"],
    ['main/jobs/a.ts', "import { x } from '#workers/rpc/entry.ts';"],
    ['main/jobs/a.ts', "import type { App } from 'electron';"],
    ['main/jobs/a.ts', "import Database from 'better-sqlite3';"],
    ['main/jobs/a.ts', "import { x } from '../../tests/fixtures/a.ts';"],
    ['native-workers/rpc/a.ts', "import { x } from '#main/jobs/job-keys.ts';"],
    ['native-workers/rpc/a.ts', "type Ort = typeof import('onnxruntime-node');"],
    ['native-workers/rpc/a.ts', "const ort = createRequire(import.meta.url)('onnxruntime-node');"],
    ['native-workers/capture/a.ts', "const koffi = await import('koffi');"],
    ['preload/index.ts', "const fs = require('node:fs');"],
    ['renderer/ui/a.ts', "import { ipcRenderer } from 'electron/renderer';"],
    ['renderer/ui/A.svelte', '<script lang="ts">\n  import { Mesh } from \'three\';\n</script>\n<p>a</p>'],
    ['renderer/ui/A.svelte', '<script lang="ts">\n  import \'#main/app/services.ts\';\n</script>'],
  ])('would refuse in %s: %s', (file, text) => {
    expect(brokenDependencies(file, text)).toHaveLength(1);
  });

  it.each([
    ['core/domain/a.ts', "import { z } from 'zod';\nimport { AppError } from '../errors.ts';"],
    ['main/electron/a.ts', "import { app } from 'electron';\nimport { x } from '#core/errors.ts';"],
    ['main/cli/a.ts', "createRequire(import.meta.url).resolve('electron/package.json');"],
    ['renderer/plots/heatmap/a.ts', "import { Mesh } from 'three';"],
    ['native-workers/database/a.ts', "import Database from 'better-sqlite3';"],
    ['tests/unit/a.ts', "import { x } from '#main/jobs/job-keys.ts';\nimport { app } from 'electron';"],
    ['main/cli/a.ts', "// import Database from 'better-sqlite3'\nconst text = \"import('electron')\";"],
  ])('allows in %s: %s', (file, text) => {
    expect(brokenDependencies(file, text)).toEqual([]);
  });
});

describe('the reader of imports', () => {
  it('finds every way to name a module', () => {
    const text = [
      "import a from 'a'; import type { B } from 'b'; import 'c'; export { d } from 'd'; export * from 'e';",
      "const f = await import('f'); type G = import('g').G; const h = require('h'); require.resolve('i');",
      "createRequire(import.meta.url)('j'); createRequire(import.meta.url).resolve('k'); Promise.resolve('l');",
    ].join('\n');
    expect(importedModules('a.ts', text)).toEqual([...'abcdefghijk']);
  });
});
