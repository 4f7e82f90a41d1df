import {
  presetNames,
  presets,
  type ChannelOrder,
  type Interpolation,
  type PictureSize,
  type Preprocess,
  type PreprocessFile,
  type PresetName,
} from '#core/domain/preprocess.ts';
import { parseNumbers } from './guess-data.ts';
import type { FormProblem } from './problems.ts';

/** How inputs become numbers, as the person fills it in: for all networks, or for one that reads them its own way. */
export class Reading {
  /** Pixels: one number for the shorter side, two for height and width; empty: as they are. */
  resizeText = $state('');
  cropText = $state('');
  interpolation = $state<Interpolation>('bilinear');
  /** Empty: grey where the network's input has one channel, else red, green, blue. */
  channels = $state<ChannelOrder | ''>('');
  scale = $state(1);
  meanText = $state('');
  stdText = $state('');
  /** Of image files. */
  orientation = $state<NonNullable<Preprocess['orientation']>>('stored');
  alpha = $state<NonNullable<Preprocess['alpha']>>('drop');

  /** Fills in all numbers of a preset; sizes stay where it names none. */
  takePreset(name: PresetName): void {
    const { resize, crop } = this;
    this.take({ ...this.#ofFiles, resize, crop, channels: this.channels || undefined, ...presets[name] });
  }

  /** The preset whose numbers these are; undefined where none has them. */
  get preset(): PresetName | undefined {
    const keys = this.keys();
    return presetNames.find(
      (name) =>
        Object.entries(presets[name]).every(
          ([key, value]) => JSON.stringify(keys?.[key as keyof PreprocessFile]) === JSON.stringify(value),
        ) &&
        (presets[name].mean !== undefined || (!keys?.mean && !keys?.std)),
    );
  }

  take(from: Preprocess): void {
    this.resizeText = sizeText(from.resize);
    this.cropText = sizeText(from.crop);
    this.interpolation = from.interpolation ?? 'bilinear';
    this.channels = from.channels ?? '';
    this.scale = from.scale;
    this.meanText = from.mean?.join(', ') ?? '';
    this.stdText = from.std?.join(', ') ?? '';
    this.orientation = from.orientation ?? 'stored';
    this.alpha = from.alpha ?? 'drop';
  }

  /** What is not the default. */
  get #ofFiles(): Pick<Preprocess, 'orientation' | 'alpha'> {
    const { orientation, alpha } = this;
    return { ...(orientation !== 'stored' && { orientation }), ...(alpha !== 'drop' && { alpha }) };
  }

  get resize(): PictureSize | undefined {
    return parseSize(this.resizeText) ?? undefined;
  }
  get crop(): PictureSize | undefined {
    return parseSize(this.cropText) ?? undefined;
  }

  /** The recipe's keys; null while a field holds what cannot be read. */
  keys(): PreprocessFile | null {
    const mean = parseNumbers(this.meanText);
    const std = parseNumbers(this.stdText);
    const [resize, crop] = [parseSize(this.resizeText), parseSize(this.cropText)];
    if (mean === null || std === null || resize === null || crop === null) return null;
    return {
      ...this.#ofFiles,
      ...(resize !== undefined && { resize, interpolation: this.interpolation }),
      ...(crop !== undefined && { crop }),
      ...(this.channels !== '' && { channels: this.channels }),
      scale: this.scale,
      ...(mean && { mean }),
      ...(std && { std }),
    };
  }

  /** What is wrong with the sizes; `at` is where the reading stands, `whose` begins the sentences. */
  problems(at: string, whose: string): FormProblem[] {
    const problems: FormProblem[] = [];
    if (parseSize(this.resizeText) === null)
      problems.push({
        at: `${at}.resize`,
        says: `${whose} shorter side must be one whole number of pixels, or height and width: 256, or 224 x 224.`,
      });
    if (parseSize(this.cropText) === null)
      problems.push({
        at: `${at}.crop`,
        says: `${whose} centre crop must be one whole number of pixels, or height and width.`,
      });
    return problems;
  }
}

/** "256", "240 x 320" or "240, 320"; undefined when empty, null when it is neither. */
export function parseSize(text: string): PictureSize | null | undefined {
  if (text.trim() === '') return undefined;
  const parts = text
    .split(/[\s,;x×]+/i)
    .filter(Boolean)
    .map(Number);
  const isSize = (part: number) => Number.isInteger(part) && part > 0 && part <= 8192;
  if (!parts.every(isSize)) return null;
  if (parts.length === 1) return parts[0];
  return parts.length === 2 ? [parts[0], parts[1]] : null;
}

function sizeText(size: PictureSize | undefined): string {
  if (size === undefined) return '';
  return typeof size === 'number' ? String(size) : size.join(' x ');
}
