import { getContext, setContext } from 'svelte';

/** Pixels of height that a picture gets where nothing says otherwise: a third of the window, so that none stays empty. */
export function usualHeight(windowHeight: number, share = 0.34, most = 420): number {
  return Math.round(Math.max(240, Math.min(most, share * windowHeight)));
}

const key = Symbol('picture height');

/** A view says how tall the pictures in it are. */
export function providePictureHeight(height: () => number): void {
  setContext(key, height);
}

/** What the view says; undefined where it says nothing. Call it while a component is being made. */
export function usePictureHeight(): (() => number) | undefined {
  return getContext<(() => number) | undefined>(key);
}
