import { readFile } from 'node:fs/promises';
import { BrowserWindow, session } from 'electron';
import type { PdfWriter } from '../app/ports.ts';
import { printPage } from '../app/print-page.ts';
import { createSerialQueue } from '../app/serial-queue.ts';
import { staticFileFor } from '../app/static-files.ts';
import { setPageSize } from '../export/pdf-page-size.ts';
import { appOrigin, appScheme } from '../security/app-origin.ts';
import { printContentSecurityPolicy } from '../security/content-security-policy.ts';
import { secureWebPreferences } from '../security/web-preferences.ts';
import { answer, notFound } from './app-protocol.ts';

const pageUrl = `${appOrigin}/print.html`;
/** In memory only: a partition without `persist:`. */
const partition = 'print';

/** Prints through a hidden, sandboxed page with a session of its own, which holds the drawing and our fonts only. */
export function createPdfWriter(fontFolder: string): PdfWriter {
  const queue = createSerialQueue();
  let page = '';
  let isServing = false;
  const serve = () => {
    if (isServing) return;
    isServing = true;
    session.fromPartition(partition).protocol.handle(appScheme, async (request) => {
      if (request.url === pageUrl)
        return answer(page, 'text/html; charset=utf-8', printContentSecurityPolicy);
      const file = staticFileFor(request.url, fontFolder);
      const body = file && (await readFile(file.path).catch(() => null));
      return file && body ? answer(body, file.mimeType, printContentSecurityPolicy) : notFound();
    });
  };
  return {
    print: (svg, widthMm, heightMm) =>
      queue(async () => {
        serve();
        page = printPage(svg, widthMm, heightMm);
        try {
          return setPageSize(await printLoaded(), widthMm, heightMm);
        } finally {
          page = '';
        }
      }),
  };
}

async function printLoaded(): Promise<Uint8Array> {
  const window = new BrowserWindow({
    show: false,
    webPreferences: secureWebPreferences({ partition, devTools: false }),
  });
  try {
    await window.loadURL(pageUrl);
    // Printing does not wait for fonts; the text would fall back to another face.
    await window.webContents.executeJavaScript('document.fonts.ready.then(() => true)');
    return await window.webContents.printToPDF({
      preferCSSPageSize: true,
      printBackground: true,
      pageRanges: '1',
      margins: { top: 0, bottom: 0, left: 0, right: 0 },
    });
  } finally {
    window.destroy();
  }
}
