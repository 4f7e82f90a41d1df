import type { WindowLayout } from '#core/ipc/areas/window.ts';

/** What only a host with windows can do; Electron implements it, tests give a fake. */
export interface FileFilter {
  name: string;
  extensions: string[];
}

export interface Dialogs {
  /** Absolute paths, empty when the person cancels. */
  openFiles(options: {
    title: string;
    filters: FileFilter[];
    many: boolean;
    folder?: boolean;
  }): Promise<string[]>;
  /** Absolute path, null when the person cancels. */
  saveFile(options: { title: string; suggestedName: string; filters: FileFilter[] }): Promise<string | null>;
  /** Absolute path of a folder, made where a person asks for a new one; null when the person cancels. */
  chooseFolder(options: { title: string; button: string }): Promise<string | null>;
}

/** The system's clipboard; what is put there replaces what it held. */
export interface Clipboard {
  putSvg(svg: string): Promise<void>;
  putPng(png: Uint8Array): Promise<void>;
}

/** The windows of the application, as one of them may ask for more. */
export interface Windows {
  /** Opens one more window; a project that a window has open already brings that one to the front instead. */
  open(projectFile: string | null): Promise<void>;
  layout(): WindowLayout;
  keepLayout(layout: WindowLayout): Promise<WindowLayout>;
}
