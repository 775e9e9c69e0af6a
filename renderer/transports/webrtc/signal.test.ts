import { describe, expect, test } from 'vitest'
import { roomNames } from './names.ts'
import { parseSignal } from './signal.ts'
import { openSignal, sealSignal } from './signal-box.ts'

const FROM = '00000000-0000-4000-8000-000000000000'
const TO = 'ffffffff-ffff-4fff-8fff-ffffffffffff'
const SDP = 'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n'
const signal = (inner: unknown) => ({ type: 'signal', from: FROM, to: TO, token: 1.5, signal: inner })

describe('signals', () => {
  test('announce, offer and answer are read', () => {
    expect(parseSignal({ type: 'announce', from: FROM })).toEqual({
      ok: true,
      value: { type: 'announce', from: FROM, to: undefined },
    })
    for (const type of ['offer', 'answer'] as const) {
      expect(parseSignal(signal({ type, sdp: SDP }))).toEqual({ ok: true, value: { type, from: FROM, to: TO } })
    }
  })
  test.each([
    ['nothing', null],
    ['a list', []],
    ['no name', { type: 'announce' }],
    ['a name of another shape', { type: 'announce', from: '__proto__' }],
    ['an announce to a number', { type: 'announce', from: FROM, to: 7 }],
    ['another type', { type: 'shout', from: FROM, to: TO }],
    ['no description', signal(null)],
    ['a candidate', signal({ type: 'candidate', candidate: { candidate: '' } })],
    ['an offer that is also a request', signal({ type: 'offer', sdp: SDP, transceiverRequest: { kind: 'video' } })],
    ['a rollback', signal({ type: 'rollback', sdp: SDP })],
    ['sound', signal({ type: 'offer', sdp: `${SDP}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n` })],
    ['an offer for everybody', { type: 'signal', from: FROM, signal: { type: 'offer', sdp: SDP } }],
  ])('%s is malformed', (_, content) => {
    expect(parseSignal(content)).toMatchObject({ ok: false, error: 'malformed-signal' })
  })
})

describe('the seal on them', () => {
  const newKey = () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt'])

  test('opens with its key, and with no other', async () => {
    const key = await newKey()
    const sealed = await sealSignal({ type: 'announce', from: FROM }, key)
    expect(await openSignal(sealed, key)).toMatchObject({
      ok: true,
      value: { content: { type: 'announce', from: FROM } },
    })
    expect(await openSignal(sealed, await newKey())).toMatchObject({ ok: false, error: 'not-sealed-to-room' })
  })
  test.each(['', '%%%', 'AAAA', 'B0FFUy1HQ00M'])('%j is refused without throwing', async (text) => {
    expect(await openSignal(text, await newKey())).toMatchObject({ ok: false, error: 'not-sealed-to-room' })
  })
})

test('name and password come from the key, and neither tells the other', () => {
  const names = roomNames(new Uint8Array(32).fill(7))
  expect(names).toEqual(roomNames(new Uint8Array(32).fill(7)))
  expect(names.topic).toMatch(/^[0-9a-f]{32}$/)
  expect(names.password).toMatch(/^[0-9a-f]{64}$/)
  expect(names.password).not.toContain(names.topic)
  expect(roomNames(new Uint8Array(32).fill(8)).topic).not.toBe(names.topic)
})
