/** What the WebRTC pages put on `window`, for the tests that drive them from Node. Only types. */
import type { HostileAct, Target } from './webrtc-hostile-page.ts'
import type { WebrtcLab } from './webrtc-page.ts'

declare global {
  interface Window {
    lab: WebrtcLab
    leave: () => void
    /** RTCPeerConnections not closed: what a ghost would hold. */
    livePeerConnections: () => number
    hostile: {
      /** Connects as plain y-webrtc does, and acts on the channel of frames or on y-webrtc's own. */
      join(target: Target & { readonly act?: HostileAct }): void
      announce(target: Target & { readonly count: number }): Promise<void>
      /** Everything y-webrtc would throw on, from a name below and one above the victim's; the number of signals. */
      forge(target: Target): Promise<number>
    }
  }
}
