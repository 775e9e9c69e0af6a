/** One side of the contract suite. Loaded under two addresses, a page holds two y-webrtc that know nothing of each other. */
export { createWebrtcTransport } from '../../renderer/transports/webrtc/index.ts'
