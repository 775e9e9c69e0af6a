import { describe, expect, test } from 'vitest'
import { passphraseStrength } from './passphrase-strength.ts'

describe('passphraseStrength', () => {
  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['tea', 'short'],
    ['password1', 'short'],
    ['aaaaaaaaaaaaaaaaaaaaaaaa', 'weak'],
    ['tea tea tea tea tea', 'weak'],
    ['lovely tea', 'weak'],
    ['kettle garden spoon', 'fair'],
    ['correct horse battery staple', 'strong'],
    ['Kessel-Garten-Löffel-Straße', 'strong'],
    ['q8W!zr5Lm2#vTx9Kd4pY', 'strong'],
  ])('%j is %s', (passphrase, expected) => {
    expect(passphraseStrength(passphrase)).toBe(expected)
  })
})
