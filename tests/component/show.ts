import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import App from '#renderer/app/App.svelte';
import '#renderer/app/styles/index.css';
import { createFakeBackend, type FakeOptions } from './fake-backend.ts';

interface ShowOptions extends FakeOptions {
  /** Nobody has seen the tour yet. */
  isFirstLook?: boolean;
}

/** The whole window over a fake backend, at 1280 x 800. */
export async function showWindow({ isFirstLook = false, ...options }: ShowOptions = {}) {
  if (isFirstLook) localStorage.removeItem('consilience.tour');
  else localStorage.setItem('consilience.tour', 'done');
  await page.viewport(1280, 800);
  const bridge = createFakeBackend(options);
  const target = document.createElement('div');
  target.style.height = '100vh';
  document.body.append(target);
  const screen = await render(App, { target, props: { bridge } });
  return { bridge, screen };
}

/** A promise that is never kept: what a view shows while it waits. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

/** The pane with this name; its `data-state` is one of empty, loading, error, ready. */
export function paneState(label: string): string | undefined {
  return document.querySelector<HTMLElement>(`[aria-label="${label}"][data-state]`)?.dataset.state;
}

/** Text of an element by its test id or label, white space made single. Null while it is not there. */
export function textOf(name: string): string | null {
  const element = document.querySelector(`[data-testid="${name}"], [aria-label="${name}"]`);
  return element?.textContent?.replace(/\s+/g, ' ').trim() ?? null;
}
