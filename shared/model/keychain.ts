/** Opening without the passphrase, where this computer's own store of secrets is good for it. renderer/session implements it. */
import type { Live } from '../base/live.ts'
import type { Result } from '../base/errors.ts'

/** 'weak': not kept safely there. 'changed': what comes back is not what was kept, or nothing does. */
export type KeychainTrouble = 'weak' | 'unavailable' | 'changed'

export type KeychainView =
  | { readonly on: false; readonly state: 'strong' | 'weak' | 'unavailable' }
  /** 'checking': whether it still opens is not known yet. */
  | { readonly on: true; readonly state: 'checking' | 'opens' | KeychainTrouble }

export interface KeychainContext {
  /** Known while locked, too. Undefined: there is no such store here, or nothing is known of it yet. */
  readonly view: Live<KeychainView | undefined>
  /** Resolves once it was proved to open. One that was there before stays until then. 'changed': it gave back something else. */
  turnOn(request: {
    readonly passphrase: string
  }): Promise<Result<void, 'wrong-passphrase' | 'storage-failed' | KeychainTrouble>>
  turnOff(): Promise<Result<void, 'storage-failed'>>
  /** While locked. Never without somebody having pressed something: whoever locks means it. */
  open(): Promise<Result<void, KeychainTrouble | 'storage-failed' | 'newer-version'>>
}
