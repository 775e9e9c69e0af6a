/**
 * What a LAN room derives from its key, each under a label of its own, so that no derived value says anything about another.
 * Nothing derived here protects a paper: it decides who may find and connect to whom.
 */
import { createHmac } from 'node:crypto'
import { utf8 } from '../../../shared/base/bytes.ts'

export interface RoomKeys {
  /** Keys the tags that are announced. */
  readonly tag: Uint8Array
  /** Keys the first bytes of a connection. */
  readonly prefix: Uint8Array
  /** 32 bytes: Noise's pre-shared key. */
  readonly psk: Uint8Array
}

export const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer => {
  const mac = createHmac('sha512', key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}

export const roomKeys = (key: Uint8Array): RoomKeys => ({
  tag: hmac(key, utf8('teatray-lan-tag-v1')),
  prefix: hmac(key, utf8('teatray-lan-v1')),
  psk: hmac(key, utf8('teatray-lan-psk-v1')).subarray(0, 32),
})
