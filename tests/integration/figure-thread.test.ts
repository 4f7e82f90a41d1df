import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageSpecSchema } from '#core/figure/spec.ts';
import type { DatabaseService, FigureService } from '#main/app/services.ts';
import { createFigureService } from '#main/export/figure-service.ts';
import { createFigureThread } from '#main/export/figure-thread.ts';
import { sourceFontFolder } from '#main/export/fonts.ts';
import { figureProject } from '../fixtures/figure-project.ts';

const folder = mkdtempSync(join(tmpdir(), 'consilience-figure-thread-'));
const page = pageSpecSchema.parse({
  version: 1,
  kind: 'page',
  preset: 'neurips',
  panels: [{ kind: 'correlation-quad' }, { kind: 'layer-means' }],
});
let database: DatabaseService;
let thread: FigureService;
const here = createFigureService();

beforeAll(async () => {
  database = await figureProject(folder);
  thread = createFigureThread(sourceFontFolder);
});
afterAll(async () => {
  await thread.stop();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('figures drawn in a thread of their own', () => {
  it('are the bytes that this thread draws, two at a time', async () => {
    const { methods } = database;
    const [dark, light] = await Promise.all([
      thread.show(methods, page, 'dark'),
      thread.show(methods, page, 'light'),
    ]);
    expect(light).toEqual(await here.show(methods, page, 'light'));
    expect(dark).toEqual(await here.show(methods, page, 'dark'));
    const target = { stem: 'fig', formats: ['svg', 'pdf', 'png'] as const, dpi: 96 };
    const [one, other] = ['one', 'other'].map((name) => join(folder, name));
    mkdirSync(one);
    mkdirSync(other);
    const written = await thread.write(methods, page, { ...target, folder: one });
    expect(written).toEqual(await here.write(methods, page, { ...target, folder: other }));
    expect(readdirSync(one).sort()).toEqual([...written.files].sort());
    for (const file of written.files)
      expect(readFileSync(join(one, file)).equals(readFileSync(join(other, file))), file).toBe(true);
    expect(Buffer.from(await thread.picture(methods, page, 'png', 96))).toEqual(
      readFileSync(join(one, 'fig.png')),
    );
  });

  it('stand in the order of the Correlation view, or say what the run lacks for it', async () => {
    const inOrder = (order: string) => {
      const panels = [{ kind: 'correlation-quad', order }];
      return here.show(database.methods, pageSpecSchema.parse({ ...page, panels }), 'light');
    };
    const [byNumber, byMatch] = [await inOrder('unit'), await inOrder('match')];
    expect(byMatch.svg).toContain('Net1, place');
    expect(byNumber.svg).not.toContain('Net1, place');
    await expect(inOrder('cluster')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('order "clusters" needs Clusters'),
    });
  });

  it('fail with the code and the words of the failure', async () => {
    const missing = pageSpecSchema.parse({ ...page, panels: [{ kind: 'code-scores' }] });
    await expect(thread.show(database.methods, missing, 'light')).rejects.toMatchObject({
      name: 'AppError',
      code: 'not-found',
      message: expect.stringContaining('The code of Net1 and Net2'),
    });
    const target = { folder: join(folder, 'none'), stem: 'x', formats: ['svg'] as const, dpi: 96 };
    await expect(thread.write(database.methods, page, target)).rejects.toMatchObject({ code: 'storage' });
    const huge = thread.picture(database.methods, page, 'png', 100_000);
    await expect(huge).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('end with what is being written, and start again when asked', async () => {
    const target = { folder, stem: 'last', formats: ['svg'] as const, dpi: 96 };
    const writing = thread.write(database.methods, page, target);
    await thread.stop();
    expect(readdirSync(folder)).toEqual(expect.arrayContaining((await writing).files));
    expect((await thread.show(database.methods, page, 'light')).svg).toMatch(/<svg /);
  });
});
