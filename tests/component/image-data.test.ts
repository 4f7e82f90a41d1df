import { describe, expect, it } from 'vitest';
import { Reading, parseSize } from '#renderer/features/new-analysis/reading.svelte.ts';
import { resolvePreprocess } from '#core/domain/preprocess.ts';
import { showWindow, textOf } from './show.ts';

const folder = {
  file: 'val',
  bytes: 0,
  arrays: [],
  images: {
    count: 50_000,
    folders: 1000,
    width: 500,
    height: 375,
    ignored: 2,
    ignoredNames: ['README', 'labels.csv'],
  },
};

const answers = {
  dataset: {
    pick: () => ({ file: { token: 'data-0002', fileName: 'val', bytes: 4096 } }),
    inspect: () => folder,
  },
};

/** A Parquet file: a column of images, and their labels. */
const table = {
  file: 'train.parquet',
  bytes: 1000,
  arrays: [
    { key: 'label', dtype: 'int64', shape: [200] },
    {
      ...{ key: 'image', dtype: 'image', shape: [200] },
      images: { count: 200, folders: 1, width: 61, height: 45, ignored: 0, ignoredNames: [] },
    },
  ],
};

describe('a column of images', () => {
  it('is chosen before its labels and read as images are; another array can be chosen', async () => {
    const { screen, bridge } = await showWindow({
      answers: { dataset: { ...answers.dataset, inspect: () => table } },
    });
    await screen.getByTestId('start-new-analysis').click();
    await screen.getByTestId('add-data').click();
    await expect.poll(() => textOf('image-set')).toBe('200 images · the first 61 × 45 pixels');
    const previews = () => bridge.calls.filter((call) => call.method === 'dataset.preview');
    await expect
      .poll(() => previews().at(-1)?.input)
      .toEqual({ data: { token: 'data-0002', key: 'image', scale: 1 / 255 }, count: 12 });
    expect(screen.getByRole('combobox', { name: 'Axes' }).query()).toBeNull();
    await screen.getByTestId('data-key').selectOptions('label');
    await expect.element(screen.getByRole('combobox', { name: 'Axes' })).toBeVisible();
  });
});

describe('a folder of images', () => {
  it('is described, prepared as ImageNet where its pictures are large, and run with what was chosen', async () => {
    const { screen, bridge } = await showWindow({ answers });
    await screen.getByTestId('start-new-analysis').click();
    await screen.getByTestId('add-networks').click();
    await screen.getByTestId('add-folder').click();
    await expect
      .poll(() => textOf('image-set'))
      .toBe(
        '50,000 images in 1000 folders · the first 500 × 375 pixels · 2 other files left alone (README, labels.csv)',
      );
    const called = (method: string) =>
      bridge.calls.filter((call) => call.method === method).map(({ input }) => input);
    expect(called('dataset.pick')).toEqual([{ folder: true }]);
    const imagenet = {
      ...{ resize: 256, interpolation: 'bilinear', crop: 224, scale: 1 / 255 },
      ...{ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    };
    await expect
      .poll(() => called('dataset.preview').at(-1))
      .toEqual({ data: { token: 'data-0002', ...imagenet }, count: 12 });

    await screen.getByRole('checkbox', { name: 'Prepares pictures its own way' }).nth(1).click();
    const own = screen.getByRole('group', { name: 'Preparation for Net2' });
    await own.getByTestId('preset').selectOptions('clip');
    await expect
      .poll(() => called('dataset.preview').at(-1))
      .toMatchObject({ own: { resize: 224, interpolation: 'bicubic', crop: 224 } });
    await own.getByRole('textbox', { name: 'Centre crop (pixels)' }).fill('2 by 3');
    await expect
      .poll(() => textOf('problems'))
      .toMatch('Net2: the centre crop must be one whole number of pixels');
    await own.getByRole('textbox', { name: 'Centre crop (pixels)' }).fill('200 x 160');
    await screen.getByRole('combobox', { name: 'Unreadable images' }).selectOptions('skip');
    await screen.getByTestId('run-analysis').click();
    await expect.poll(() => called('analysis.start').length).toBe(1);
    expect(called('analysis.start')[0]).toMatchObject({
      data: { token: 'data-0002', onError: 'skip', ...imagenet },
      networks: [
        { name: 'Net1', token: 'network-1' },
        { name: 'Net2', preprocess: { crop: [200, 160], resize: 224, interpolation: 'bicubic' } },
      ],
    });
  });
});

describe('a reading', () => {
  it('knows the preset that its numbers are', () => {
    const reading = new Reading();
    expect(reading.preset).toBe('raw');
    reading.takePreset('clip');
    expect(reading.preset).toBe('clip');
    expect(resolvePreprocess(reading.keys()!)).toEqual(resolvePreprocess({ preset: 'clip' }));
    reading.cropText = '200';
    expect(reading.preset).toBeUndefined();
    reading.takePreset('signed');
    expect(reading.keys()).toEqual({
      resize: 224,
      interpolation: 'bilinear',
      crop: 200,
      scale: 1 / 127.5,
      mean: [1],
      std: [1],
    });
  });

  it.each([
    ['', undefined],
    ['256', 256],
    ['240 x 320', [240, 320]],
    ['240, 320', [240, 320]],
    ['0', null],
    ['12.5', null],
    ['a', null],
    ['1 2 3', null],
  ])('takes "%s" as a size', (text, size) => {
    expect(parseSize(text)).toEqual(size);
  });
});
