interface DownloadingSession {
  on(event: 'will-download', listener: (event: { preventDefault(): void }) => void): unknown;
}

/** Electron security checklist, item 13 in spirit: files are written by main through a dialog, never by a page. */
export function denyDownloads(session: DownloadingSession): void {
  session.on('will-download', (event) => event.preventDefault());
}
