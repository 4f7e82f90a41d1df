import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { placeCard } from '#renderer/features/tour/place-card.ts';
import { tourSteps } from '#renderer/features/tour/tour.svelte.ts';
import { showWindow } from './show.ts';
import { projectWithAll } from './synthetic-analyses.ts';

const title = () => document.querySelector('#tour-title')?.textContent ?? null;
const shows = (index: number) => expect.poll(title, { timeout: 5000 }).toBe(tourSteps[index].title);

async function openSample(options: Parameters<typeof showWindow>[0] = { isFirstLook: true }) {
  const shown = await showWindow(options);
  await shown.screen.getByTestId('start-open-sample').click();
  await expect.element(shown.screen.getByTestId('view-overview')).toBeVisible();
  return shown;
}

describe('the tour', () => {
  it('walks past real controls by keyboard, back too, and is not offered again', async () => {
    const { screen } = await openSample();
    await shows(0);
    const { activeElement } = document;
    expect(activeElement?.textContent.trim()).toBe('Next');
    await userEvent.keyboard('{Enter}');
    await shows(1);
    await userEvent.keyboard('{ArrowLeft}');
    await shows(0);
    for (let index = 1; index < tourSteps.length; index++) {
      await expect.poll(() => document.activeElement?.textContent.trim()).toMatch(/Next|Done/);
      await userEvent.keyboard('{ArrowRight}');
      await shows(index);
      const anchor = document.querySelector(tourSteps[index].anchor)?.getBoundingClientRect();
      const card = screen.getByTestId('tour').element().getBoundingClientRect();
      expect(anchor?.width).toBeGreaterThan(0);
      expect(card.left >= 0 && card.right <= innerWidth && card.top >= 0 && card.bottom <= innerHeight).toBe(
        true,
      );
    }
    await userEvent.keyboard('{Enter}');
    await expect.poll(title).toBeNull();
    expect(localStorage.getItem('consilience.tour')).toBe('done');
  });

  it('is skipped by Esc for good, and taken again from the palette', async () => {
    await openSample();
    await shows(0);
    await expect.poll(() => document.activeElement?.textContent.trim()).toBe('Next');
    await userEvent.keyboard('{Escape}');
    await expect.poll(title).toBeNull();
    document.body.replaceChildren();
    await openSample({});
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(title()).toBeNull();
    await userEvent.keyboard('{Control>}k{/Control}');
    await expect.element(page.getByRole('dialog')).toBeVisible();
    await userEvent.keyboard('take the tour{Enter}');
    await shows(0);
  });

  it('passes over a control that is not there', async () => {
    const { screen } = await openSample({
      isFirstLook: true,
      project: null,
      answers: {
        project: { openSample: () => ({ project: projectWithAll(), jobId: null }) },
      },
    });
    await expect.element(screen.getByTestId('tour')).toBeVisible();
    for (const index of [1, 2]) {
      await screen.getByRole('button', { name: 'Next' }).click();
      await shows(index);
    }
    await screen.getByRole('button', { name: 'Next' }).click();
    await expect.poll(title, { timeout: 5000 }).not.toBe(tourSteps[2].title);
  });
});

describe('its card', () => {
  it('lies wholly inside the window, off its anchor where there is room', () => {
    const card = { width: 340, height: 160 };
    const window = { width: 1280, height: 800 };
    for (const anchor of [
      { left: 0, top: 40, width: 80, height: 736 },
      { left: 1200, top: 4, width: 60, height: 28 },
      { left: 100, top: 700, width: 900, height: 60 },
    ]) {
      const { left, top } = placeCard(anchor, card, window);
      expect(left >= 0 && left + card.width <= window.width).toBe(true);
      expect(top >= 0 && top + card.height <= window.height).toBe(true);
      const isApart =
        left >= anchor.left + anchor.width ||
        left + card.width <= anchor.left ||
        top >= anchor.top + anchor.height ||
        top + card.height <= anchor.top;
      expect(isApart).toBe(true);
    }
  });
});
