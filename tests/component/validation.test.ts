import axe from 'axe-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { failure } from './fake-backend.ts';
import { never, paneState, showWindow, textOf } from './show.ts';
import { makeProject } from './synthetic.ts';

beforeEach(() => localStorage.clear());

const show = async (options: Parameters<typeof showWindow>[0] = {}) => {
  const shown = await showWindow({ project: makeProject(), ...options });
  await shown.screen.getByTestId('rail-validation').click();
  return shown;
};
const stateIs = (state: string) => expect.poll(() => paneState('Validation'), { timeout: 5000 }).toBe(state);

describe('validation', () => {
  it('says so while it waits, and when recomputing fails', async () => {
    await show({ answers: { settings: { validate: never } } });
    await stateIs('loading');
    document.body.replaceChildren();
    const fails = () => {
      throw failure('bad-data', 'The published numbers cannot be read. Install Consilience again.');
    };
    const { screen } = await show({ answers: { settings: { validate: fails } } });
    await stateIs('error');
    await expect.element(screen.getByText(/published numbers cannot be read/).first()).toBeVisible();
  });

  it.each(['light', 'dark'] as const)(
    'shows what differs first, in words, in the %s theme',
    async (theme) => {
      await show({ settings: { theme } });
      await stateIs('ready');
      expect(textOf('finding')).toMatch(/1 of 2 published numbers.*differs/);
      const rows = [
        ...document.querySelectorAll<HTMLTableRowElement>('[data-testid="validation"] tbody tr'),
      ].map(({ cells }) => [...cells].map((cell) => cell.textContent.trim()).join(' '));
      expect(rows[0]).toBe('One-to-one');
      // Where the numbers come from stands whole above them.
      expect(rows[1]).toBe('numpy');
      expect(rows[2]).toMatch(/^differs Match, pairs 2, … \(3\)/);
      expect(rows[3]).toBe('Subspaces');
      expect(rows[4]).toBe('numpy');
      expect(rows[5]).toMatch(/^agrees Linear CKA 0\.557613 0\.557613 {2}2\.2e−16 1e−11$/);
      const ends = [...document.querySelectorAll('[data-testid="validation"] button.end')];
      expect(ends.map((end) => end.getAttribute('aria-label'))).toContain('plain TypeScript agrees');
      expect(rows[6]).toMatch(/^Greedy matching The match here is always the optimal one\.$/);
      const report = await axe.run(document.body, { resultTypes: ['violations'] });
      const serious = report.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${id} ${nodes[0].html}`)).toEqual([]);
    },
  );
});
