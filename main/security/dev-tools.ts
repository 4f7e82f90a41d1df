/**
 * Electron security checklist, item 20 in spirit: a packaged app gives nobody who sits at it a console into the
 * page, unless it is asked for by `CONSILIENCE_DEVTOOLS=1`. From source the tools are there.
 */
export function devToolsAllowed(
  isPackaged: boolean,
  environment: Record<string, string | undefined>,
): boolean {
  return !isPackaged || environment.CONSILIENCE_DEVTOOLS === '1';
}
