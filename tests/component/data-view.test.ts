import { beforeEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ModelInspection } from '#core/domain/network.ts';
import { failure, modelInspection, type FakeOptions } from './fake-backend.ts';
import { paneState, showWindow, textOf } from './show.ts';
import { makeProject } from './synthetic.ts';

beforeEach(() => localStorage.clear());

async function dataView(options: FakeOptions = {}) {
  const { bridge } = await showWindow({ project: makeProject(), ...options });
  await page.getByTestId('rail-data').click();
  return bridge;
}

const nodes = () => [...document.querySelectorAll<SVGGElement>('[data-testid="graph-canvas"] .node')];

/** Boxes out of sight are not drawn: at first the graph is shown from its top, large enough to be read. */
async function wholeGraph() {
  await expect.poll(() => nodes().length).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Whole graph' }).click();
  await expect.poll(() => nodes().length).toBe(13);
}

describe('the layer graph', () => {
  it('draws every operator once, and marks what the run has captured', async () => {
    await dataView();
    await wholeGraph();
    expect(nodes()[0].getAttribute('aria-label')).toBe('images, Input · batch × 1 × 28 × 28');
    const captured = nodes().filter((node) => node.classList.contains('captured'));
    expect(captured.map((node) => node.getAttribute('aria-label'))).toEqual([
      expect.stringContaining('captured as conv1'),
      expect.stringContaining('captured as conv2'),
      expect.stringContaining('captured as conv3'),
      expect.stringContaining('captured as fc1'),
    ]);
  });

  it('is walked with the arrow keys, and Enter compares the chosen layer', async () => {
    const bridge = await dataView();
    await wholeGraph();
    document.querySelector<HTMLElement>('[data-testid="graph-canvas"]')!.focus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
    await expect.poll(() => textOf('graph-details')).toContain('/Relu_output_0');
    expect(textOf('graph-details')).toContain('Captured in this run as conv1.');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => bridge.calls.map(({ method }) => method)).toContain('analysis.inputsOfRun');
    await expect.element(page.getByTestId('new-analysis')).toBeVisible();
    await expect
      .poll(() => document.querySelectorAll('[data-testid="layer-line"]').length)
      .toBeGreaterThan(0);
  });

  it('finds operators by name, one after the other', async () => {
    await dataView();
    await expect.poll(() => nodes().length).toBeGreaterThan(0);
    await page.getByTestId('graph-search').fill('pool');
    await expect.poll(() => textOf('graph-details')).toContain('/pool/MaxPool_output_0');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => textOf('graph-details')).toContain('/pool_1/MaxPool_output_0');
    await page.getByTestId('graph-search').fill('nothing so called');
    await expect.element(page.getByText('none found')).toBeVisible();
  });

  it('draws thousands of operators folded, opens a scope, and stays quick', async () => {
    const blocks = 600;
    const deep: ModelInspection['nodes'] = [{ op: 'Input', name: 'images', from: [], tensors: ['images'] }];
    for (let block = 0; block < blocks; block++) {
      const at = deep.length - 1;
      const node = (op: string, ...from: number[]) =>
        deep.push({ op, name: `/layer${block % 4}/${block}/${op}`, from, tensors: [`t${deep.length}`] });
      node('Conv', at);
      node('Relu', at + 1);
      node('Add', at, at + 2);
    }
    const inspection = { ...modelInspection, nodes: deep };
    await dataView({ answers: { network: { ofRun: () => inspection } } });
    await expect.poll(() => nodes().length).toBeGreaterThan(0);
    expect(nodes().length).toBeLessThan(130);
    await expect.element(page.getByText(/1,801 operators, drawn as/)).toBeVisible();
    document.querySelector<HTMLElement>('[data-testid="graph-canvas"]')!.focus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    const before = performance.now();
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => textOf('graph-details')).toContain('in scope');
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it('says what is wrong with the file, and tries again', async () => {
    const fails = () => {
      throw failure('not-found', 'Files of this run are no longer where its recipe names them: net1.onnx.');
    };
    const bridge = await dataView({ answers: { network: { ofRun: fails } } });
    await expect.poll(() => paneState('Layer graph of Net1')).toBe('error');
    const before = bridge.calls.length;
    await page
      .getByRole('region', { name: 'Layer graph of Net1' })
      .getByRole('button', { name: 'Try again' })
      .click();
    expect(bridge.calls.length).toBeGreaterThan(before);
  });
});

describe('dropped files', () => {
  const picked = (fileName: string) => ({ token: `token-of-${fileName}`, fileName, bytes: 10 });
  const nothing = { models: [], data: [], projects: [], recipes: [], refused: [] };
  const drag = (type: string) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['x'], 'notes.txt'));
    document.body.dispatchEvent(
      new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }),
    );
  };

  it('show where they may be dropped, and a sentence where they cannot be opened', async () => {
    await showWindow({});
    drag('dragenter');
    await expect.element(page.getByTestId('drop-target')).toBeVisible();
    drag('drop');
    await expect.element(page.getByText('notes.txt is not opened here.').first()).toBeVisible();
    expect(document.querySelector('[data-testid="drop-target"]')).toBeNull();
  });

  it('models and data open a new analysis', async () => {
    await showWindow({
      dropped: { ...nothing, models: [picked('a.onnx'), picked('b.onnx')], data: [picked('d.npz')] },
    });
    drag('drop');
    await expect.element(page.getByTestId('new-analysis')).toBeVisible();
    await expect
      .poll(() => document.querySelectorAll('[data-testid="layer-line"]').length)
      .toBeGreaterThan(0);
    await expect.element(page.getByText(/d\.npz/).first()).toBeVisible();
    await expect.poll(() => textOf('estimate'), { timeout: 8000 }).toContain('about 12 s');
  });

  it('a project opens in this window', async () => {
    await showWindow({ dropped: { ...nothing, projects: [picked('p.consilience')] } });
    drag('drop');
    await expect.element(page.getByTestId('view-overview')).toBeVisible();
  });
});
