import { describe, expect, test } from 'vitest'
import { badHelper, badMeetingPlace, splitLines } from './addresses.ts'

describe('addresses', () => {
  test('one on each line, empty lines left out', () => {
    expect(splitLines(' ws://a:1 \n\n wss://b \n')).toEqual(['ws://a:1', 'wss://b'])
  })

  test.each(['ws://192.168.1.20:24680', 'wss://meet.example.org/room', 'ws://[fe80::1]:80', ''])(
    '%j is fine',
    (text) => {
      expect(badMeetingPlace(text)).toBeUndefined()
    },
  )

  test.each(['http://a', 'ws://', 'meet.example.org', 'wss:', 'javascript:alert(1)'])('%j is not', (text) => {
    expect(badMeetingPlace(`ws://a\n${text}`)).toBe(text)
  })

  test('helpers start with stun: or turn:', () => {
    expect(badHelper('stun:stun.example.org:3478\nturns:t.example.org?transport=tcp')).toBeUndefined()
    expect(badHelper('stun://x')).toBe('stun://x')
    expect(badHelper('https://x')).toBe('https://x')
  })
})
