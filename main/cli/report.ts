import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import { resourcePath } from '../app/resources.ts';
import { openDatabase } from '../database/client.ts';
import { reportOf } from '../export/report.ts';
import { printLine } from './output.ts';

export interface ReportOptions {
  out: string;
  a?: string;
  b?: string;
  layer?: string;
}

/** `consilience report`: one page that needs nothing beside it. */
export async function report(project: string, options: ReportOptions): Promise<void> {
  const database = await openDatabase(resolve(project), 'open');
  try {
    const page = await reportOf(database.methods, options, resourcePath('core/figure/fonts'));
    await writeFile(resolve(options.out), page).catch((error: unknown) => {
      throw new AppError(
        'bad-request',
        `--out ${options.out} cannot be written; choose another file.`,
        {},
        error,
      );
    });
    printLine(`Report written to ${resolve(options.out)}`);
  } finally {
    await database.close();
  }
}
