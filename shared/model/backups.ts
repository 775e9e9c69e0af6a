/** Backups, as screens are handed them. */
import type { Result } from '../base/errors.ts'
import type { Live } from '../base/live.ts'

/** Why there was no backup, by name. Those that were made before stay. */
export type BackupProblem =
  | 'folder-missing'
  /** There, but on the disk that Teatray is on, and it was not when it was chosen: the other one is not plugged in. */
  | 'drive-missing'
  | 'not-a-folder'
  | 'inside-profile'
  | 'not-writable'
  | 'disk-full'
  /** What came back from the disk is not what was written. */
  | 'does-not-read-back'
  /** What is on this computer could not be read. */
  | 'storage-failed'
  | 'write-failed'

export interface BackupsView {
  /** Undefined: none was chosen, and no backups are made. */
  readonly folder?: string
  /** On the same disk as Teatray itself. */
  readonly sameDisk: boolean
  /** The last good one. */
  readonly last?: { readonly at: number; readonly bytes: number; readonly name: string }
  /** Of the last try, where it came to nothing. */
  readonly problem?: { readonly at: number; readonly reason: BackupProblem }
  readonly running: boolean
}

export interface BackupsContext {
  readonly view: Live<BackupsView>
  /** A folder to begin with; `canChoose`: the system has a window for choosing one. */
  suggest(): Promise<{ readonly folder: string; readonly canChoose: boolean }>
  /** The system's own window. Undefined: closed without a choice. */
  choose(): Promise<string | undefined>
  /** Tries it out, makes it where it is missing, and keeps the choice. Backups are made by themselves from then on. */
  keepIn(folder: string): Promise<Result<void, BackupProblem>>
  /** No more backups; those that were made stay. */
  stopUsing(): Promise<Result<void, 'storage-failed'>>
  backUpNow(): Promise<Result<void, BackupProblem>>
}

/** A file somebody picked; a browser's File is one. */
export interface PickedFile {
  readonly size: number
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> }
}

/** Why a file is not restored. Nothing was written. */
export type BackupFileProblem = 'not-a-backup' | 'newer-version' | 'cut-off' | 'damaged' | 'unreadable'

export type RestoringProblem =
  | BackupFileProblem
  | 'wrong-passphrase'
  /** What was typed are no sheet's words. */
  | 'words-mistyped'
  | 'wrong-words'
  /** Something is set up on this computer. */
  | 'not-empty'
  | 'disk-full'
  | 'storage-failed'

export interface ReadableBackup {
  readonly createdAt: number
  /** Recovery sheets can open it. */
  readonly hasSheets: boolean
  /** With the passphrase, or the words of a sheet, of the day it was made. Opens what it brought back. */
  restore(secret: { readonly passphrase: string } | { readonly words: string }): Promise<Result<void, RestoringProblem>>
}

/** This computer had Teatray's data before, and there is none now. */
export interface LostData {
  /** Where its backups were kept. Undefined: none were made. */
  readonly folder?: string
  /** The newest that is there now. */
  readonly latest?: { readonly at: number; readonly bytes: number }
}
