import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchApp } from './launch.ts';
import { SubspacesPage } from './pages/subspaces-page.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { writeSpaceProject } from './support/space-project.ts';

/** How long a frame takes while a scene is turned, by the number of its units; links join every pair. */
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-space-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const frames = 40;
/** No run on a processor alone may be slower: this is to notice a mistake, not to praise. */
const slowestMs = 400;

it.each([768, 4096, 8192])('%i units turn', async (units) => {
  const project = path.join(folder, `${units}.consilience`);
  await writeSpaceProject(project, units / 2);
  const app = await launchApp({ args: [project], size: { width: 1280, height: 800 } });
  try {
    await new WorkspacePage(app.page).show('subspaces');
    const view = new SubspacesPage(app.page);
    await view.stage.waitFor();
    await view.picture();
    const painter = await view.stage.getAttribute('data-painter');
    const box = (await view.canvas.boundingBox())!;
    await app.page.mouse.move(box.x + 300, box.y + 200);
    await app.page.mouse.down();
    const { times, drawn } = await view.canvas.evaluate(async (canvas, count) => {
      const stamps: number[] = [];
      const before = Number(canvas.dataset.drawn);
      const { left, top } = canvas.getBoundingClientRect();
      for (let frame = 0; frame <= count; frame++) {
        const at = { clientX: left + 300 + 6 * frame, clientY: top + 200 + (frame % 7), bubbles: true };
        canvas.dispatchEvent(new PointerEvent('pointermove', at));
        stamps.push(await new Promise<number>((resolve) => requestAnimationFrame(resolve)));
      }
      const times = stamps.slice(1).map((stamp, at) => stamp - stamps[at]);
      return { times, drawn: Number(canvas.dataset.drawn) - before };
    }, frames);
    await app.page.mouse.up();
    const sorted = times.sort((p, q) => p - q);
    const [median, slow] = [sorted[frames / 2], sorted[Math.floor(0.9 * frames)]];
    console.log(
      `${units} units, ${units / 2} links, ${painter}, ${Math.round(box.width)} x ${Math.round(box.height)} pixels: ` +
        `a frame every ${median.toFixed(1)} ms, nine of ten within ${slow.toFixed(1)} ms`,
    );
    // Every frame was drawn: pauses of an idle page would not count.
    expect(drawn).toBeGreaterThanOrEqual(frames - 1);
    expect(median).toBeLessThan(slowestMs);
    expect(app.pageErrors).toEqual([]);
  } finally {
    await app.close();
  }
});
