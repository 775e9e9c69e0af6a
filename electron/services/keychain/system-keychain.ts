/** What a host hands in where its system has a store of secrets; the browser host has none. */
export interface SystemKeychain {
  /** 'weak': what is sealed here, anybody who has the bytes could open. */
  state(): Promise<'strong' | 'weak' | 'unavailable'>
  seal(text: string): Promise<Uint8Array>
  /** Rejects where this system, or this person's account, did not seal it. `isOld`: to be sealed anew while it still opens. */
  open(sealed: Uint8Array): Promise<{ readonly text: string; readonly isOld: boolean }>
  /** Whether these very bytes were sealed under something that everybody knows, whatever `state` says. */
  isWeak(sealed: Uint8Array): boolean
}
