import { dialog, type BrowserWindow } from 'electron';
import type { Dialogs } from '../app/ports.ts';

/** The system's file dialogs, attached to a window. */
export function createDialogs(window: BrowserWindow): Dialogs {
  return {
    async openFiles({ title, filters, many, folder = false }) {
      const properties: ('openFile' | 'openDirectory' | 'multiSelections')[] = [
        folder ? 'openDirectory' : 'openFile',
        ...(many ? (['multiSelections'] as const) : []),
      ];
      const asked = { title, properties, ...(!folder && { filters }) };
      const { canceled, filePaths } = await dialog.showOpenDialog(window, asked);
      return canceled ? [] : filePaths;
    },
    async saveFile({ title, suggestedName, filters }) {
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        title,
        filters,
        defaultPath: suggestedName,
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      });
      return canceled || !filePath ? null : filePath;
    },
    async chooseFolder({ title, button }) {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title,
        buttonLabel: button,
        properties: ['openDirectory', 'createDirectory'],
      });
      return canceled ? null : (filePaths.at(0) ?? null);
    },
  };
}
