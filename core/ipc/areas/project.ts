import { z } from 'zod';
import { method } from '../define.ts';
import type { ProjectSummary, RecentProject } from '../../domain/project.ts';

const none = z.strictObject({});
export const token = z.string().min(8).max(64);

export const projectArea = {
  /** Recently opened projects, newest first. */
  recent: method<RecentProject[]>()(none),
  forgetRecent: method<{ forgotten: boolean }>()(z.strictObject({ token })),
  /** Opens the bundled sample networks' project, making it on first use; `jobId` follows that first run. */
  openSample: method<{ project: ProjectSummary; jobId: string | null }>()(none),
  /** Asks for a project file; `null` when the person cancels. */
  openDialog: method<{ project: ProjectSummary } | { cancelled: true }>()(none),
  /** A project file that was dropped on the window. */
  openFile: method<{ project: ProjectSummary }>()(z.strictObject({ token })),
  openRecent: method<{ project: ProjectSummary }>()(z.strictObject({ token })),
  /** Asks where the new project file goes. */
  createDialog: method<{ project: ProjectSummary } | { cancelled: true }>()(
    z.strictObject({ title: z.string().min(1).max(200) }),
  ),
  /** The open project, or null on the start screen. */
  current: method<{ project: ProjectSummary | null }>()(none),
  close: method<{ closed: boolean }>()(none),
};
