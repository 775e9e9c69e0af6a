/** What the person chose, sealed in the store. An unreadable or newer value falls back to the defaults, field by field. */
import * as v from 'valibot'
import { fromUtf8, utf8, type Bytes } from '../../shared/base/bytes.ts'
import type { AppSettings } from '../../shared/model/contexts.ts'

export const SETTINGS_VALUE = 'settings'
const VERSION = 1
const MAX_ADDRESSES = 8

const isAddress = (schemes: readonly string[]) => (text: string) =>
  URL.canParse(text) && schemes.includes(new URL(text).protocol)

export const isSignalingAddress = isAddress(['ws:', 'wss:'])
export const isIceAddress = isAddress(['stun:', 'stuns:', 'turn:', 'turns:'])

const addresses = (isGood: (text: string) => boolean) =>
  v.fallback(v.pipe(v.array(v.pipe(v.string(), v.maxLength(500), v.check(isGood))), v.maxLength(MAX_ADDRESSES)), [])

const time = v.fallback(v.pipe(v.number(), v.finite(), v.minValue(0)), 0)

/** No address is built in: which computers meet where is for the group to choose. */
const settingsSchema = v.object({
  lockAfterMinutes: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(24 * 60)), 30),
  sync: v.fallback(
    v.object({
      lan: v.fallback(v.boolean(), true),
      internet: v.fallback(v.boolean(), false),
      signalingAddresses: addresses(isSignalingAddress),
      iceServers: addresses(isIceAddress),
    }),
    { lan: true, internet: false, signalingAddresses: [], iceServers: [] },
  ),
  recovery: v.fallback(v.object({ triedAt: time, putOffAt: time }), { triedAt: 0, putOffAt: 0 }),
})

export const defaultSettings: AppSettings = v.parse(settingsSchema, {})

export const encodeSettings = (settings: AppSettings): Bytes => utf8(JSON.stringify({ version: VERSION, ...settings }))

export function decodeSettings(stored: Uint8Array | undefined): AppSettings {
  if (stored === undefined) return defaultSettings
  try {
    return v.parse(settingsSchema, JSON.parse(fromUtf8(stored)))
  } catch {
    // Not JSON, or not an object: nothing in it can be used, and nothing else depends on it.
    return defaultSettings
  }
}
