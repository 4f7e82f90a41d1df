import axe from 'axe-core';
import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { modelInspection } from './fake-backend.ts';
import { showWindow, textOf } from './show.ts';

const twoInputs = {
  ...modelInspection,
  inputs: [
    { name: 'tokens', type: 'float32', shape: ['N', 9] },
    { name: 'mask', type: 'float32', shape: ['N', 9] },
  ],
  // Nothing tells what the axes of this one are.
  tensors: [
    { name: '/Relu_output_0', op: 'Relu', node: '', shape: ['N', 4, 7, 7, 4], units: null, type: 'float32' },
  ],
};
const answers = {
  network: { inspect: () => twoInputs },
  dataset: {
    inspect: () => ({
      file: 'tokens.npz',
      bytes: 1,
      arrays: [{ key: 'tokens', dtype: 'float32', shape: [200, 9] }],
    }),
  },
};

it('what a model needs opens by itself, and what is wrong is said at its field and leads there', async () => {
  const { screen, bridge } = await showWindow({ answers });
  await screen.getByTestId('start-new-analysis').click();
  await screen.getByTestId('add-networks').click();
  await screen.getByTestId('add-data').click();

  const mask = screen.getByRole('combobox', { name: 'mask is' }).first();
  await expect.element(mask).toHaveAttribute('aria-invalid', 'true');
  await expect.element(screen.getByText(/^Net1: there is no array "mask"/).first()).toBeVisible();
  // From the list at the foot to the field, then on by keyboard alone.
  const said = screen.getByTestId('problems').getByRole('button', { name: /^Net1: there is no array/ });
  (said.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(mask).toHaveFocus();
  for (const at of [0, 1]) {
    await screen.getByRole('combobox', { name: 'mask is' }).nth(at).selectOptions('constant');
  }
  await expect.poll(() => textOf('problems')).not.toMatch(/no array/);

  // Its axes are asked for where the shape stands; the other network's tensor is read alike.
  const axis = screen.getByRole('combobox', { name: 'Axis 5 of Net1, 4' });
  await axis.selectOptions('C');
  await expect.element(screen.getByRole('combobox', { name: 'Axis 5 of Net2, 4' })).toHaveValue('C');

  await screen.getByRole('button', { name: 'Options of Certainty' }).click();
  // The options lie over the page; the first has the focus.
  const resamples = page.getByRole('textbox', { name: 'Resamples' });
  await expect.element(resamples).toHaveFocus();
  await resamples.fill('200');
  const report = await axe.run(document.body, { resultTypes: ['violations'] });
  const serious = report.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id} ${nodes[0].html}`)).toEqual([]);
  await userEvent.keyboard('{Escape}');

  await screen.getByTestId('show-recipe').click();
  await expect.element(page.getByLabelText('Recipe as YAML')).toHaveTextContent('title: Digits');
  await page.getByTestId('save-recipe').click();
  const saved = bridge.calls.find(({ method }) => method === 'analysis.saveRecipe');
  expect(saved?.input).toMatchObject({
    networks: [{ inputs: { tokens: { array: 'tokens' }, mask: { constant: 1 } } }, {}],
    layers: [{ axes: { Net1: 'NCSSC', Net2: 'NCSSC' } }],
    analyses: expect.arrayContaining([{ certainty: { resamples: 200 } }]),
  });
}, 60_000);
