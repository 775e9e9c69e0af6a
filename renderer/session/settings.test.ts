import { expect, test } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { decodeSettings, defaultSettings, encodeSettings } from './settings.ts'

test('what was chosen reads back', () => {
  const chosen = {
    lockAfterMinutes: 5,
    sync: {
      lan: false,
      internet: true,
      signalingAddresses: ['ws://192.168.1.4:4455'],
      iceServers: ['stun:stun.example:3478'],
    },
    recovery: { triedAt: 1_795_000_000_000, putOffAt: 5 },
  }
  expect(decodeSettings(encodeSettings(chosen))).toEqual(chosen)
})

test('nothing is built in: by default no address, and the internet is off', () => {
  expect(defaultSettings.sync).toEqual({ lan: true, internet: false, signalingAddresses: [], iceServers: [] })
})

test.each([
  ['not JSON', '{'],
  ['not an object', '7'],
  ['null', 'null'],
  ['empty', ''],
])('%s gives the defaults', (_name, text) => {
  expect(decodeSettings(utf8(text))).toEqual(defaultSettings)
})

test('one bad field does not cost the others', () => {
  const stored = utf8(
    JSON.stringify({
      lockAfterMinutes: 7,
      sync: { lan: false, signalingAddresses: ['javascript:alert(1)'] },
      recovery: { triedAt: -1, putOffAt: 3 },
    }),
  )
  expect(decodeSettings(stored)).toEqual({
    lockAfterMinutes: 7,
    sync: { lan: false, internet: false, signalingAddresses: [], iceServers: [] },
    recovery: { triedAt: 0, putOffAt: 3 },
  })
})
