import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The window in an ordinary browser, on invented numbers: `npx vite --config tests/component/page/vite.config.ts`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [svelte()],
  server: { port: 5199, fs: { allow: [fileURLToPath(new URL('../../..', import.meta.url))] } },
});
