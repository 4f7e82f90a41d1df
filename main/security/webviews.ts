interface AttachingContents {
  on(event: 'will-attach-webview', listener: (event: { preventDefault(): void }) => void): unknown;
}

/** Electron security checklist, items 11 and 12: no webview is ever attached. */
export function denyWebviews(contents: AttachingContents): void {
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
