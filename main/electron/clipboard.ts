import * as electron from 'electron';
import { AppError } from '#core/errors.ts';
import type { Clipboard } from '../app/ports.ts';

/** What the clipboard of Electrons without `ClipboardItem` (before 40) has; every write replaces what was there. */
interface EarlierClipboard {
  write(data: { text: string }): void;
  writeImage(image: electron.NativeImage): void;
}

/**
 * The system's clipboard. SVG goes as a drawing and as text, because some programs paste the one and some the other;
 * earlier Electrons can put only one of the two there, and text is what more of them take.
 */
export function createClipboard(): Clipboard {
  return 'ClipboardItem' in electron ? currentClipboard() : earlierClipboard();
}

function currentClipboard(): Clipboard {
  const { clipboard, ClipboardItem } = electron;
  return {
    async putSvg(svg) {
      const text = { 'text/plain': svg };
      const drawing = { ...text, 'image/svg+xml': new Blob([svg], { type: 'image/svg+xml' }) };
      await clipboard
        .write([new ClipboardItem(drawing)])
        .catch(() => clipboard.write([new ClipboardItem(text)]));
    },
    async putPng(png) {
      const picture = new Blob([new Uint8Array(png)], { type: 'image/png' });
      await clipboard.write([new ClipboardItem({ 'image/png': picture })]);
    },
  };
}

function earlierClipboard(): Clipboard {
  const clipboard = electron.clipboard as unknown as EarlierClipboard;
  return {
    async putSvg(svg) {
      clipboard.write({ text: svg });
    },
    async putPng(png) {
      const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
      const image = electron.nativeImage.createFromBuffer(bytes);
      if (image.isEmpty()) {
        const message = 'The picture is too large for the clipboard. Choose a smaller dpi.';
        throw new AppError('run-failed', message);
      }
      clipboard.writeImage(image);
    },
  };
}
