import { appPage } from './app-origin.ts';

interface NavigationEvent {
  url: string;
  preventDefault(): void;
}

interface NavigatingContents {
  on(event: 'will-frame-navigate' | 'will-redirect', listener: (event: NavigationEvent) => void): unknown;
}

/**
 * Electron security checklist, item 13: navigation is denied, in every frame. The one page there is may be
 * reloaded; `will-frame-navigate` covers main and sub frames alike.
 */
export function denyNavigation(contents: NavigatingContents): void {
  const denyOther = (event: NavigationEvent) => {
    if (event.url.split(/[?#]/)[0] !== appPage) event.preventDefault();
  };
  contents.on('will-frame-navigate', denyOther);
  contents.on('will-redirect', denyOther);
}
