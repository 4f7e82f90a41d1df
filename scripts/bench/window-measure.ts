import type { Page } from 'playwright-core';
import { launchApp, type LaunchedApp } from '../../tests/e2e/launch.ts';
import { StartPage } from '../../tests/e2e/pages/start-page.ts';
import { WorkspacePage } from '../../tests/e2e/pages/workspace-page.ts';

const starts = 5;
const zoomFrames = 90;
const size = { width: 1920, height: 1080 };

/** What a goal is, in milliseconds; a frame of a 60 Hz screen takes 16.7. */
const goals = { start: 1500, open: 1000, frame: 17, view: 150 };

await measure(process.argv.slice(2));

/** Prints every time with its goal. Run by `npm run bench -- window` on a screen, with the projects to open. */
async function measure(projects: string[]): Promise<void> {
  const cold: number[] = [];
  for (let turn = 0; turn < starts; turn++) cold.push(await coldStart());
  say('start of the program to its first screen', cold, goals.start);
  for (const project of projects) {
    const app = await launchApp({ size });
    try {
      await openAndZoom(app, project);
    } finally {
      await app.close();
    }
  }
}

/** From the start of the process to the first contentful paint that shows the start screen. */
async function coldStart(): Promise<number> {
  const before = Date.now();
  const app = await launchApp({ size });
  await new StartPage(app.page).openProject.waitFor();
  const painted = await app.page.evaluate(() => {
    const entry = performance.getEntriesByName('first-contentful-paint')[0];
    return entry ? performance.timeOrigin + entry.startTime : NaN;
  });
  await app.close();
  return painted - before;
}

async function openAndZoom(app: LaunchedApp, project: string): Promise<void> {
  const { page } = app;
  const workspace = new WorkspacePage(page);
  const name = project.replace(/^.*[\\/]/, '');
  await app.answerDialogs({ open: [project] });
  const start = new StartPage(page);
  await start.openProject.waitFor();
  const before = Date.now();
  await start.openProject.click();
  await workspace.show('correlation');
  await firstPicture(page);
  say(`${name}: file to first heat map`, [Date.now() - before], goals.open);
  const frames = await zoom(page);
  const renderer = await page.evaluate(() => {
    const gl = document.createElement('canvas').getContext('webgl2');
    const info = gl?.getExtension('WEBGL_debug_renderer_info');
    return gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : 'no WebGL';
  });
  say(`${name}: frame while zooming (${renderer})`, frames, goals.frame);
  for (const view of ['match', 'correlation', 'overview', 'data'] as const) {
    say(`${name}: switch to ${view}`, [await switchTo(page, view)], goals.view);
  }
}

async function firstPicture(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLElement>('[data-testid="heatmap-between"] canvas')].some(
      (canvas) => Number(canvas.dataset.drawn) > 0,
    ),
  );
}

/** Milliseconds between frames while the wheel turns in every frame, in to single cells and out again. */
function zoom(page: Page): Promise<number[]> {
  return page.evaluate(async (count) => {
    const canvas = document.querySelector<HTMLElement>('[data-testid="heatmap-between"] canvas')!;
    const box = canvas.getBoundingClientRect();
    const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const times: number[] = [];
    let last = await nextFrame();
    for (let frame = 0; frame < count; frame++) {
      const deltaY = frame < count / 2 ? -60 : 60;
      canvas.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY, bubbles: true, cancelable: true }));
      const now = await nextFrame();
      times.push(now - last);
      last = now;
    }
    return times;
  }, zoomFrames);
}

/** From the click to the frame after the view's panes have left their loading state. */
function switchTo(page: Page, view: string): Promise<number> {
  return page.evaluate(async (name) => {
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const before = performance.now();
    document.querySelector<HTMLElement>(`[data-testid="rail-${name}"]`)!.click();
    const isReady = () => {
      const shown = document.querySelector(`[data-testid="view-${name}"]`);
      return shown && !shown.querySelector('[data-state="loading"]');
    };
    do await nextFrame();
    while (!isReady());
    await nextFrame();
    return performance.now() - before;
  }, view);
}

function say(what: string, times: number[], goal: number): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const spread = times.length > 1 ? ` (least ${at(0).toFixed(0)}, 95 % below ${at(0.95).toFixed(0)})` : '';
  const median = at(0.5);
  console.log(
    `${what}: ${median.toFixed(median < 100 ? 1 : 0)} ms${spread}, goal ${goal}: ${median <= goal ? 'met' : 'missed'}`,
  );
}
