import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

const at = (path: string) => resolve(import.meta.dirname, path);

/** Native modules, and those that find their own files at run time: loaded from node_modules, never bundled. */
const external = [
  'better-sqlite3',
  'onnxruntime-node',
  'onnxruntime-common',
  'koffi',
  '@resvg/resvg-js',
  'piscina',
  'sharp',
];

/** The programs that main and the engine start: each is a file of its own beside the bundle of main. */
function workerEntries(): Record<string, string> {
  const names = readdirSync(at('native-workers')).filter((name) => /\.(process|worker)\.ts$/.test(name));
  return Object.fromEntries(
    names.map((name) => [name.slice(0, -'.ts'.length), at(`native-workers/${name}`)]),
  );
}

/** The oldest Electron the bundle must run in: 33 (Chromium 130, Node 20.18). */
const nodeTarget = 'node20.18';
const chromeTarget = 'chrome130';

export default defineConfig({
  main: {
    build: {
      outDir: at('out/main'),
      target: nodeTarget,
      externalizeDeps: false,
      sourcemap: true,
      rolldownOptions: {
        external,
        input: {
          index: at('main/index.ts'),
          'figure.worker': at('main/export/figure.worker.ts'),
          ...workerEntries(),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      target: nodeTarget,
      // A sandboxed preload script can load no file but itself.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [svelte({ configFile: false })],
    build: {
      outDir: at('out/renderer'),
      target: chromeTarget,
      minify: true,
      // Fonts and pictures stay files of our origin: the content policy allows no `data:` fonts.
      assetsInlineLimit: 0,
      rolldownOptions: { input: { index: at('renderer/index.html') } },
    },
  },
});
