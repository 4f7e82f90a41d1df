import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, sep } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/errors.ts';
import type { ProjectSummary, RecentProject } from '#core/domain/project.ts';
import { readJson, writeJson } from './json-file.ts';
import { matchThumbnail } from './match-thumbnail.ts';
import { createSerialQueue } from './serial-queue.ts';

const maxEntries = 12;

const entrySchema = z.object({
  token: z.string(),
  path: z.string(),
  title: z.string(),
  openedAt: z.string(),
  thumbnail: z.array(z.object({ layer: z.string(), semiMean: z.number(), matchMean: z.number() })),
});
type Entry = z.infer<typeof entrySchema>;

export interface RecentProjects {
  list(): RecentProject[];
  /** Throws `not-found` for an unknown token. */
  pathOf(token: string): string;
  /** Puts a project on top, or refreshes it. */
  remember(path: string, summary: ProjectSummary): Promise<void>;
  forget(token: string): Promise<boolean>;
}

/** The recently opened projects, newest first, in one JSON file. */
export async function openRecentProjects(path: string): Promise<RecentProjects> {
  const stored = z.array(z.unknown()).safeParse(await readJson(path));
  let entries: Entry[] = (stored.data ?? []).flatMap((item) => entrySchema.safeParse(item).data ?? []);
  const queue = createSerialQueue();
  const keep = (changed: Entry[]) => {
    entries = changed.slice(0, maxEntries);
    return queue(() => writeJson(path, entries));
  };
  return {
    list: () => entries.map(describe),
    pathOf(token) {
      const entry = entries.find((candidate) => candidate.token === token);
      if (!entry) {
        throw new AppError(
          'not-found',
          'This project is no longer in the list. Open its file from the menu instead.',
        );
      }
      return entry.path;
    },
    async remember(projectPath, summary) {
      const known = entries.find((entry) => entry.path === projectPath);
      const entry: Entry = {
        token: known?.token ?? randomBytes(16).toString('hex'),
        path: projectPath,
        title: summary.title,
        openedAt: new Date().toISOString(),
        thumbnail: matchThumbnail(summary),
      };
      await keep([entry, ...entries.filter((other) => other.path !== projectPath)]);
    },
    async forget(token) {
      const left = entries.filter((entry) => entry.token !== token);
      const forgotten = left.length < entries.length;
      if (forgotten) await keep(left);
      return forgotten;
    },
  };
}

function describe(entry: Entry): RecentProject {
  return {
    token: entry.token,
    title: entry.title,
    fileName: basename(entry.path),
    folder: shownFolder(entry.path),
    openedAt: entry.openedAt,
    thumbnail: entry.thumbnail,
    missing: !existsSync(entry.path),
  };
}

/** The folder of a file as shown to a person, with the home folder as `~`. */
export function shownFolder(path: string): string {
  const folder = dirname(path);
  const home = homedir();
  return folder === home || folder.startsWith(home + sep) ? `~${folder.slice(home.length)}` : folder;
}
