import { wordlist } from '@scure/bip39/wordlists/english.js'

const WORDS = 6

/** Six words out of 2,048: 66 bits. 65,536 is a multiple of 2,048, so every word is equally likely. */
export const suggestPassphrase = (): string =>
  Array.from(crypto.getRandomValues(new Uint16Array(WORDS)), (number) => wordlist[number % wordlist.length]).join(' ')
