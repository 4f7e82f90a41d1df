import type { Settings } from '#core/ipc/areas/settings.ts';

/** The theme in effect: what the person asked for, or what the system shows. */
export class Theme {
  #system = $state<'light' | 'dark'>('light');
  readonly #asked: () => Settings['theme'];

  constructor(asked: () => Settings['theme']) {
    this.#asked = asked;
    const query = window.matchMedia('(prefers-color-scheme: dark)');
    const follow = () => (this.#system = query.matches ? 'dark' : 'light');
    query.addEventListener('change', follow);
    follow();
  }

  get current(): 'light' | 'dark' {
    const asked = this.#asked();
    return asked === 'system' ? this.#system : asked;
  }
}
