/**
 * Electron security checklist, item 19: every fuse of a packaged app is set on purpose. Names are those of
 * `FuseV1Options` in `@electron/fuses`; packaging refuses a fuse that is not listed here.
 */
export const fuses = {
  /** The app is no Node interpreter: ELECTRON_RUN_AS_NODE has no effect. */
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  /** `file://` has no rights beyond a browser's; nothing of ours is loaded from it. */
  GrantFileProtocolExtraPrivileges: false,
  WasmTrapHandlers: true,
} as const;
