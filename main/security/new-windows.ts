interface OpeningContents {
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
}

/** Electron security checklist, item 14: pages open no windows; main alone does. */
export function denyNewWindows(contents: OpeningContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
