import type { Electron } from './electron.ts'

/** The system's own window. Undefined: the person thought better of it. */
export async function chooseFolder({
  BrowserWindow,
  dialog,
}: Pick<Electron, 'BrowserWindow' | 'dialog'>): Promise<string | undefined> {
  const [window] = BrowserWindow.getAllWindows()
  if (window === undefined) return undefined
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Folder for backups',
    buttonLabel: 'Use this folder',
    properties: ['openDirectory', 'createDirectory'],
  })
  return canceled ? undefined : filePaths[0]
}
