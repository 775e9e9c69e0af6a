import { toHex } from '../../../shared/base/bytes.ts'
import { derive } from '../../../shared/crypto/derive.ts'

export interface RoomNames {
  /** What the signalling server sees: says nothing about the group, and changes with the key. */
  readonly topic: string
  /** Seals y-webrtc's signalling. */
  readonly password: string
}

export const roomNames = (key: Uint8Array): RoomNames => ({
  topic: toHex(derive(key, 'webrtc room v1', 16)),
  password: toHex(derive(key, 'webrtc password v1')),
})
