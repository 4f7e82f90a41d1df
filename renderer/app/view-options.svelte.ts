import type { ViewName } from './views.ts';

export type OptionValue = string | number | boolean | null;
export type OptionsByView = Partial<Record<ViewName, Record<string, OptionValue>>>;

/**
 * What a person set in the views: orders, ranges, thresholds, cuts. Kept while the project is open, and part of the
 * view state that Undo restores. Zoom, scroll and hover are not kept here.
 */
export class ViewOptions {
  #values = $state<OptionsByView>({});

  get state(): OptionsByView {
    return $state.snapshot(this.#values);
  }

  /** The options of one view as an object with the keys of `defaults`: reading follows changes, setting makes them. */
  of<T extends Record<string, OptionValue>>(view: ViewName, defaults: T): T {
    const options = {};
    for (const key of Object.keys(defaults)) {
      Object.defineProperty(options, key, {
        enumerable: true,
        get: () => this.#values[view]?.[key] ?? defaults[key],
        set: (value: OptionValue) => {
          this.#values[view] ??= {};
          this.#values[view][key] = value;
        },
      });
    }
    return options as T;
  }

  restore(values: OptionsByView): void {
    this.#values = structuredClone(values);
  }
}
