import type { PageSpec } from '#core/figure/spec.ts';
import type { ExportFormat, ShownFigure } from '#core/ipc/areas/figure.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { PageTarget } from '../app/services.ts';

/** What the thread that draws does; `ticket` stands for the project that a figure is drawn from. */
export interface FigureThreadMethods {
  show(ticket: number, page: PageSpec, theme: 'light' | 'dark'): Promise<ShownFigure>;
  write(ticket: number, page: PageSpec, target: PageTarget): Promise<{ files: string[]; warnings: string[] }>;
  picture(ticket: number, page: PageSpec, format: ExportFormat, dpi: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What the thread asks of its host: the project's numbers. */
export interface FigureHostMethods {
  read(ticket: number, method: keyof DatabaseMethods, args: unknown[]): Promise<unknown>;
}

/** Buffers of an answer that are moved to the other thread instead of copied; the sender keeps none of them. */
export function movedBuffers(answer: unknown): ArrayBuffer[] {
  if (typeof answer !== 'object' || answer === null) return [];
  const { data, values } = answer as { data?: unknown; values?: unknown };
  const views = [answer, data, values].filter((part): part is ArrayBufferView => ArrayBuffer.isView(part));
  return views.flatMap(({ buffer, byteLength }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
  );
}
