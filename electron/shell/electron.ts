/** The part of Electron the shell uses, always handed in: a real `import 'electron'` in Node would start a download. */
export type Electron = Pick<
  typeof import('electron'),
  'app' | 'BrowserWindow' | 'dialog' | 'ipcMain' | 'Menu' | 'MessageChannelMain' | 'protocol' | 'session' | 'shell'
>
