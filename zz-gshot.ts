import { mkdtempSync } from 'node:fs';
import { launchApp } from './tests/e2e/launch.ts';
const [view, layer, steps = '', sizes = '1280', themes = 'light'] = process.argv.slice(2);
const app = await launchApp({ args: [process.env.PROJECT ?? '/tmp/groups-full.consilience'] });
try {
  const { page } = app;
  await page.getByTestId('rail-overview').waitFor();
  await page.getByTestId('select-layer').selectOption(layer);
  await page.getByTestId(`rail-${view}`).click();
  await page.waitForTimeout(1500);
  for (const size of sizes.split(',')) {
    await app.resize(size === '1920' ? { width: 1920, height: 1080 } : { width: 1280, height: 800 });
    for (const theme of themes.split(',')) {
      await app.setTheme(theme as 'light');
      await page.mouse.move(1, 1);
      await page.waitForTimeout(700);
      const snap = async (name: string) => { await page.waitForTimeout(600); await page.screenshot({ path: `/tmp/gshots/${view}-${layer}-${size}-${theme}-${name}.png` }); };
      await snap('0');
      if (steps) await (await import(steps)).default(page, snap, app);
    }
  }
  console.log('errors', app.pageErrors);
} finally { await app.close(); }
process.exit(0);
