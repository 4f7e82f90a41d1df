import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { failure } from './fake-backend.ts';
import { paneState, showWindow, textOf } from './show.ts';
import { projectWithAll } from './synthetic-analyses.ts';

beforeEach(() => localStorage.clear());

const picture = 'Units in space picture';
async function show(options: Parameters<typeof showWindow>[0] = {}) {
  const shown = await showWindow({ project: projectWithAll(), ...options });
  await shown.screen.getByTestId('rail-subspaces').click();
  await expect.poll(() => paneState(picture), { timeout: 10_000 }).toBe('ready');
  await expect.poll(() => stage()?.dataset.painter).toMatch(/webgl|canvas/);
  return shown;
}
const stage = () => document.querySelector<HTMLElement>('[data-testid="space-stage"]');
const canvas = () => stage()?.querySelector('canvas') as HTMLCanvasElement;
async function press(...keys: string[]) {
  canvas().focus();
  for (const key of keys) await userEvent.keyboard(key);
}
const tip = () => textOf('space-tip') ?? '';
const words = () => [...(stage()?.querySelectorAll('svg text') ?? [])].map((text) => text.textContent);

describe('units in space', () => {
  it('says what places mean, names its axes, and counts what it shows', async () => {
    await show();
    await expect.poll(() => words()).toContain('canonical direction 1, ρ .95');
    expect(textOf('space')).toMatch(/three directions that both networks share/);
    expect(textOf('Legend')).toMatch(/Net1, 24 units.*Net2, 24 units.*matches/);
  });

  it('steps by r, selects, gathers a group, grows it by nearest profiles, and lets it go', async () => {
    await show();
    await press('n');
    const first = tip();
    expect(first).toMatch(/Net\d unit \d+\s*r \.\d\d with Net\d unit \d+\s*cluster \d of 4/);
    await press('n', 'p');
    await expect.poll(tip).toBe(first);
    const [, network, unit] = /(Net\d) unit (\d+)/.exec(first) ?? [];
    await press('{Enter}');
    await expect.poll(() => textOf('Inspector')).toContain(`unit ${unit} of ${network}`);
    await page.getByTestId('tool-list').click();
    await press(' ', 'g');
    await expect.poll(() => textOf('Units')).toMatch(/48 units, 2 in the group/);
    await press('{Escape}');
    await expect.poll(() => textOf('Units')).toMatch(/48 units$/);
  });

  it('stops half way between two frames, by keyboard, and Undo goes back', async () => {
    const { screen } = await show();
    expect(document.querySelector('[data-testid="space-mix"]')).toBeNull();
    await screen.getByTestId('frame-own').click();
    const slider = screen.getByTestId('space-mix').element() as HTMLInputElement;
    expect(slider.getAttribute('aria-label')).toBe('Way from Aligned to Own');
    slider.focus();
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe('90 % of the way to Own');
    expect(textOf('space')).toMatch(/Now 90 % of the way there/);
    await userEvent.keyboard('{Home}');
    await expect.poll(() => words()).toContain('canonical direction 1, ρ .95');
    await screen.getByTestId('frame-profile').click();
    await expect.poll(() => textOf('space')).not.toMatch(/of the way there/);
  });

  it('keeps its own keys from the window: N makes no new analysis, 1 still changes the view', async () => {
    await show();
    await press('n');
    expect(stage()).not.toBeNull();
    await press('1');
    await expect.poll(() => document.querySelector('[data-testid="view-overview"]')).not.toBeNull();
  });

  it('selects a cluster from the legend, as a group that knows its cut', async () => {
    await show();
    await page.getByTestId('space-colour').selectOptions('cluster');
    await page.getByRole('button', { name: 'cluster 3' }).click();
    await page.getByTestId('tool-list').click();
    await expect.poll(() => textOf('Units')).toMatch(/14 in the group/);
    await page.getByTestId('space-filter').fill('cluster 3 net1');
    await expect.poll(() => textOf('Units')).toMatch(/\b6 units, 14 in the group/);
    // A cluster that one network alone has units in.
    await page.getByRole('button', { name: 'cluster 2' }).click();
    await page.getByTestId('space-filter').fill('cluster 2');
    await expect.poll(() => textOf('Units')).toMatch(/\b6 units, 6 in the group/);
  });

  it('turns, and Undo turns back, with frames and colours', async () => {
    await show();
    await page.getByTestId('frame-own').click();
    await expect.poll(() => words()).toContain('Net1');
    await new Promise((resolve) => setTimeout(resolve, 600));
    // One key: two that come far apart, as on a slow machine, are two steps.
    await press('{ArrowRight}');
    await new Promise((resolve) => setTimeout(resolve, 600));
    await userEvent.keyboard('{Control>}z{/Control}');
    await expect.poll(() => words()).toContain('Net1');
    await userEvent.keyboard('{Control>}z{/Control}');
    await expect.poll(() => words()).toContain('canonical direction 1, ρ .95');
  });

  it('lays units out by UMAP in a thread of its own', async () => {
    await show();
    await page.getByTestId('frame-umap').click();
    await expect.poll(() => stage(), { timeout: 15_000 }).not.toBeNull();
    expect(words()).toEqual([]);
    expect(textOf('space')).toMatch(/far distances mean nothing/);
  });

  it('hands a PNG of the asked width to be saved', async () => {
    const { bridge } = await show();
    await page.getByTestId('tool-save').click();
    await page.getByTestId('picture-width').fill('800');
    await page.getByTestId('picture-save').click();
    const asked = () => bridge.calls.find(({ method }) => method === 'figure.savePicture');
    await expect.poll(asked, { timeout: 10_000 }).toBeDefined();
    const { name, png } = asked()?.input as { name: string; png: string };
    expect(name).toBe('subspaces-Net1-Net2-conv1-aligned');
    const bytes = Uint8Array.from(atob(png.slice(0, 64)), (character) => character.charCodeAt(0));
    expect(new DataView(bytes.buffer).getUint32(16)).toBe(800);
  });
});

describe('what may be missing', () => {
  const getContext = HTMLCanvasElement.prototype.getContext;
  afterEach(() => {
    HTMLCanvasElement.prototype.getContext = getContext;
  });

  it('without WebGL the processor draws, and the window says so', async () => {
    HTMLCanvasElement.prototype.getContext = function (
      this: HTMLCanvasElement,
      kind: string,
      ...more: never[]
    ) {
      return kind === 'webgl2' ? null : getContext.call(this, kind, ...more);
    } as typeof getContext;
    await show();
    await expect.poll(() => stage()?.dataset.painter).toBe('canvas');
    expect(stage()?.textContent).toMatch(/without WebGL/);
    const { width, height } = canvas();
    const pixels =
      canvas().getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray(4);
    expect(new Set(new Uint32Array(pixels.buffer)).size).toBeGreaterThan(50);
  });

  it('when the driver takes WebGL away the picture stays', async () => {
    const contexts: WebGL2RenderingContext[] = [];
    HTMLCanvasElement.prototype.getContext = function (
      this: HTMLCanvasElement,
      kind: string,
      ...more: never[]
    ) {
      const context = getContext.call(this, kind, ...more) as unknown;
      if (kind === 'webgl2') contexts.push(context as WebGL2RenderingContext);
      return context;
    } as typeof getContext;
    await show();
    await expect.poll(() => stage()?.dataset.painter).toBe('webgl');
    contexts.at(-1)?.getExtension('WEBGL_lose_context')?.loseContext();
    await expect.poll(() => stage()?.dataset.painter).toBe('canvas');
  });

  it('a result of an earlier version says which frames it does not know', async () => {
    const names = ['shared-a', 'shared-b', 'shared-rho'];
    const get = ({ resultId }: { resultId: string }) => ({
      id: resultId,
      arrays:
        resultId === 'later/subspaces'
          ? names.map((name) => ({ name, dtype: 'float64', rows: 24, cols: 3 }))
          : [],
    });
    await show({ answers: { result: { get } } });
    for (const frame of ['own', 'profile', 'umap'])
      await expect.element(page.getByTestId(`frame-${frame}`)).toBeDisabled();
  });

  it('statistics that cannot be read are an error of the picture, not of the numbers', async () => {
    const units = () => {
      throw failure('storage', 'The file is locked by another program. Close it there, then try again.');
    };
    const { screen } = await showWindow({ project: projectWithAll(), answers: { result: { units } } });
    await screen.getByTestId('rail-subspaces').click();
    await expect.poll(() => paneState(picture), { timeout: 10_000 }).toBe('error');
    expect(textOf('Numbers')).toMatch(/linear CKA/);
  });
});
