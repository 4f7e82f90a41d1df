import { defineConfig } from 'vitest/config';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';

const chromium = process.env.CONSILIENCE_CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['tests/{unit,reference,integration,architecture}/**/*.test.ts'],
          testTimeout: 60_000,
          // Vitest leaves a processor for itself, which of two is half.
          maxWorkers: '100%',
        },
      },
      {
        plugins: [svelte()],
        // Known before the first test: a dependency found in the middle of a run makes Vite reload the page.
        optimizeDeps: { entries: ['renderer/main.ts'], include: ['axe-core', 'umap-js'] },
        test: {
          name: 'browser',
          testTimeout: 20_000,
          include: ['tests/{component,visual}/**/*.test.ts'],
          browser: {
            enabled: true,
            headless: true,
            provider: playwright({
              launchOptions: {
                executablePath: chromium,
                args: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--no-sandbox'],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // A busy machine can make a window miss a wait. Tests that needed it are named at the end of the run.
          retry: 1,
          fileParallelism: false,
          // One second, the default, is too short for a busy machine.
          expect: { poll: { timeout: 15_000 } },
        },
      },
    ],
  },
});
