/**
 * What the host offers to the window. Every method crosses shared/host/rpc.ts: parameters and results are plain objects of
 * strings, numbers, booleans, arrays and Uint8Arrays, and are checked (valibot schemas in shared/host/schemas.ts) on both sides.
 */
export interface HostInfo {
  readonly kind: 'electron' | 'browser'
  readonly appVersion: string
  readonly platform: string
  /** Folder of this installation, shown in Sync and safety. */
  readonly profileDirectory: string
}

export interface LanPort {
  /** Announce and look for a room. `roomId` names it in later events. */
  join(request: { readonly roomId: string; readonly key: Uint8Array }): Promise<void>
  leave(request: { readonly roomId: string }): Promise<void>
  /** Resolves when the socket wants more. Rejects with 'link-closed' when the link is gone. */
  send(request: { readonly linkId: string; readonly frame: Uint8Array }): Promise<void>
  closeLink(request: { readonly linkId: string }): Promise<void>
}

export type LanEvent =
  | { readonly type: 'lan-status'; readonly state: 'ready' | 'unavailable'; readonly detail: string }
  | { readonly type: 'lan-link'; readonly roomId: string; readonly linkId: string; readonly initiator: boolean }
  | { readonly type: 'lan-frame'; readonly linkId: string; readonly frame: Uint8Array }
  | { readonly type: 'lan-closed'; readonly linkId: string; readonly reason: string }

export interface SignalingPort {
  /** This computer's own signalling server (y-webrtc's protocol). Off until switched on; remembers the choice. */
  serverStatus(): Promise<SignalingServerStatus>
  setServer(request: {
    readonly enabled: boolean
    readonly port?: number
    readonly lan?: boolean
  }): Promise<SignalingServerStatus>
  /**
   * A loopback ws:// address that relays to `address` (ws:// or wss://), so that the page's CSP can go on forbidding every
   * connection but the one to its own host.
   */
  relay(request: { readonly address: string }): Promise<{ readonly url: string }>
}

export interface SignalingServerStatus {
  readonly enabled: boolean
  readonly port: number
  /** False: loopback only. */
  readonly lan: boolean
  /** ws:// addresses others can use, best first. */
  readonly addresses: readonly string[]
  /** Named reason where it could not start, for example 'port-taken'. Empty when well. */
  readonly problem: string
}

export interface StoragePort {
  /** Bytes free on the profile's disk; and whether writes should stop (below the reserve). */
  space(): Promise<{ readonly freeBytes: number; readonly low: boolean }>
}

/**
 * What the host knows of what the window stored, for a start that finds less than there was. In clear: nothing of the person is in it but
 * the folder they chose for backups.
 */
export interface Remembered {
  /** 32 hexadecimal digits that the window drew; another one where it began anew. */
  readonly mark: string
  /** How often it was opened. */
  readonly generation: number
  readonly backups?: { readonly folder: string; readonly series: string }
}

export interface ProfilePort {
  /** `known` is missing where nothing was kept, or where it cannot be understood. */
  remembered(): Promise<{ readonly known?: Remembered }>
  /** In place of what was known. On the disk when it resolves. */
  remember(request: Remembered): Promise<void>
  /**
   * Deletes what the host itself has kept for the person: its settings, by name. The meeting place is switched off first. What makes the
   * folder an installation stays, and so do backups. Doing it again is harmless; rejects where something could not be deleted.
   */
  wipe(): Promise<void>
}

export type StorageEvent = { readonly type: 'storage-low'; readonly low: boolean; readonly freeBytes: number }
/** A second start of the same profile asks the first to show itself. */
export type WindowEvent = { readonly type: 'show-yourself' }

/** The system asked for update files to be opened; see FilesPort. */
export type FilesEvent = { readonly type: 'files-waiting' }

export type HostEvent = LanEvent | StorageEvent | WindowEvent | FilesEvent

export interface FileToOpen {
  readonly id: string
  /** Without its folder. */
  readonly name: string
  readonly size: number
}

/** Update files that the person opened outside of the window. Always none in the browser host. Refusal: 'no-such-file'. */
export interface FilesPort {
  waiting(): Promise<readonly FileToOpen[]>
  /** At most MAX_FILE_PART bytes from there; none at the end. */
  read(request: { readonly id: string; readonly offset: number }): Promise<{ readonly bytes: Uint8Array }>
  /** It is not needed any more. */
  done(request: { readonly id: string }): Promise<void>
}

export interface BackupFolder {
  /** Where it really is: no link is left in it. */
  readonly folder: string
  readonly freeBytes: number
  /** On the same file system as the profile, as far as the system says. */
  readonly sameDisk: boolean
}

export interface BackupFile {
  readonly name: string
  /** Milliseconds of Unix time; by this computer's clock at the time. */
  readonly madeAt: number
  readonly bytes: number
}

/**
 * Sealed backups in a folder of the person's choice. Folders are whole paths. Refusals: 'folder-missing', 'not-a-folder',
 * 'inside-profile', 'not-writable', 'disk-full', 'write-failed', 'does-not-read-back', 'not-begun', 'not-a-backup',
 * 'no-such-backup', 'not-available'. `series`: 8 hexadecimal digits that this installation drew; files of other series in the
 * same folder are neither listed nor removed.
 */
export interface BackupsPort {
  suggestFolder(): Promise<{ readonly folder: string; readonly canChoose: boolean }>
  /** The system's own window; an empty text where it was closed without a choice. 'not-available' in the browser host. */
  chooseFolder(): Promise<{ readonly folder: string }>
  /** Tries it out. `create`: made where it is missing, but never the folders above it. */
  checkFolder(request: { readonly folder: string; readonly create: boolean }): Promise<BackupFolder>
  /** One at a time: one that was begun before is given up. */
  begin(request: { readonly folder: string; readonly series: string }): Promise<{ readonly id: string }>
  append(request: { readonly id: string; readonly bytes: Uint8Array }): Promise<void>
  /** On the disk, under its name, read back and the same; or there is nothing. */
  commit(request: { readonly id: string }): Promise<BackupFile>
  abort(request: { readonly id: string }): Promise<void>
  /** Newest first. */
  list(request: { readonly folder: string; readonly series: string }): Promise<readonly BackupFile[]>
  /** Fewer bytes than asked for at the end of the file. */
  read(request: {
    readonly folder: string
    readonly name: string
    readonly offset: number
    readonly length: number
  }): Promise<{ readonly bytes: Uint8Array }>
  remove(request: { readonly folder: string; readonly name: string }): Promise<void>
  /** Removes what daily, weekly and monthly keeping does not need; `made` always stays. */
  tidy(request: {
    readonly folder: string
    readonly series: string
    readonly made: string
  }): Promise<{ readonly removed: number }>
}

/**
 * The operating system's own store of secrets, where the person chose that it may open Teatray. What crosses here is a key that opens
 * one wrapper of the window's keyring: never the passphrase, and never what the wrapper holds. `id`: of the wrapper, 32 hexadecimal
 * digits. Refusals: 'not-here', 'keychain-weak', 'keychain-unavailable'; of `keep` also 'does-not-read-back' and those of a disk
 * ('disk-full', 'not-writable', 'folder-missing', 'write-failed'); of `check` and `give` also 'not-kept', 'damaged', 'keychain-changed'.
 */
export interface KeychainPort {
  /** 'weak': whoever copies the disk could read what it keeps. 'not-here': this host has none, as in an installed browser. */
  status(): Promise<{ readonly state: 'strong' | 'weak' | 'unavailable' | 'not-here' }>
  /** Resolves once it lies on the disk, was read from there, was opened by the system again, and is the same. */
  keep(request: { readonly id: string; readonly key: Uint8Array }): Promise<void>
  /** Resolves where `give` would, and hands nothing out. */
  check(request: { readonly id: string }): Promise<void>
  give(request: { readonly id: string }): Promise<{ readonly key: Uint8Array }>
  forget(request: { readonly except: readonly string[] }): Promise<void>
}

export interface HostPorts {
  readonly info: { get(): Promise<HostInfo> }
  readonly lan: LanPort
  readonly signaling: SignalingPort
  readonly storage: StoragePort
  readonly backups: BackupsPort
  readonly profile: ProfilePort
  readonly files: FilesPort
  readonly keychain: KeychainPort
}
