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

export interface ProfilePort {
  /**
   * Deletes what the host itself has kept for the person: its settings, by name. The meeting place is switched off first. What makes the
   * folder an installation stays, and so do backups. Doing it again is harmless; rejects where something could not be deleted.
   */
  wipe(): Promise<void>
}

export type StorageEvent = { readonly type: 'storage-low'; readonly low: boolean; readonly freeBytes: number }
/** A second start of the same profile asks the first to show itself. */
export type WindowEvent = { readonly type: 'show-yourself' }

export type HostEvent = LanEvent | StorageEvent | WindowEvent

export interface HostPorts {
  readonly info: { get(): Promise<HostInfo> }
  readonly lan: LanPort
  readonly signaling: SignalingPort
  readonly storage: StoragePort
  readonly profile: ProfilePort
}
