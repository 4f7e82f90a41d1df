import { access, constants, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LaunchedApp } from '../launch.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

/** Something that covers the window, and must be away while theme and size are changed. */
interface Cover {
  open(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A picture of the screen in both sizes and both themes, named `<name>-<width>-<theme>.png`, to be looked at; where
 * nobody will (CI without a folder for them), none.
 */
export async function captureScreens(app: LaunchedApp, name: string, cover?: Cover): Promise<void> {
  const isWanted = !process.env.CI || process.env.CONSILIENCE_E2E_SCREENS;
  const folder = isWanted ? await screensFolder() : '';
  for (const size of isWanted ? sizes : []) {
    await app.resize(size);
    for (const theme of ['light', 'dark'] as const) {
      await app.setTheme(theme);
      await cover?.open();
      await app.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      // Pointer away from tool tips; canvases draw in the frame after a change.
      await app.page.mouse.move(1, 1);
      await app.page.waitForTimeout(400);
      await app.page.screenshot({ path: path.join(folder, `${name}-${size.width}-${theme}.png`) });
      await cover?.close();
    }
  }
  await app.resize(sizes[0]);
  await app.setTheme('light');
}

/** Where a picture of that name goes. */
export async function screenFile(name: string): Promise<string> {
  return path.join(await screensFolder(), `${name}.png`);
}

/** `test-results/screens`, or the temporary folder where the tests' user may not write there. */
async function screensFolder(): Promise<string> {
  const wanted = process.env.CONSILIENCE_E2E_SCREENS ?? path.resolve('test-results', 'screens');
  try {
    await mkdir(wanted, { recursive: true });
    await access(wanted, constants.W_OK);
    return wanted;
  } catch {
    const other = path.join(tmpdir(), 'consilience-screens');
    await mkdir(other, { recursive: true });
    return other;
  }
}
