import { defaultSettings, settingsSchema, type Settings } from '#core/ipc/areas/settings.ts';
import { readJson, writeJson } from './json-file.ts';
import { createSerialQueue } from './serial-queue.ts';

export interface SettingsStore {
  get(): Settings;
  set(settings: Settings): Promise<Settings>;
  subscribe(listener: (settings: Settings) => void): () => void;
}

/** The person's settings in one JSON file. A field that is missing or no longer valid falls back to its default. */
export async function openSettings(path: string): Promise<SettingsStore> {
  let current = repaired(await readJson(path));
  const listeners = new Set<(settings: Settings) => void>();
  const queue = createSerialQueue();
  return {
    get: () => current,
    async set(settings) {
      current = settings;
      for (const listener of listeners) listener(settings);
      await queue(() => writeJson(path, settings));
      return settings;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function repaired(stored: unknown): Settings {
  const fields = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {};
  const valid = Object.entries(settingsSchema.shape).flatMap(([name, schema]) => {
    const field = schema.safeParse(fields[name]);
    return field.success ? [[name, field.data] as const] : [];
  });
  return { ...defaultSettings, ...Object.fromEntries(valid) };
}
