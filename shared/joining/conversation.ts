/** What both sides compute over one conversation: proofs of the code, the commitment, the safety words, the challenge. */
import { concat, utf8, type Bytes } from '../base/bytes.ts'
import { derive, hmacSha512 } from '../crypto/derive.ts'
import { hash } from '../crypto/hash.ts'
import { createWriter } from '../wire/codec.ts'
import { writeCertificate, type DeviceCertificate } from '../wire/record.ts'
import type { Channel } from '../sync/channel.ts'
import type { InvitationSecrets } from './code.ts'
import { PROOF } from './limits.ts'
import { encodeJoining, type AnyWelcome, type HelloMessage, type RevealMessage } from './messages.ts'
import { wordsOf } from '../words/words.ts'

/** 44 bits. Nobody in the middle can search for a match: the joiner is bound before the inviter's nonce is known, and has one try. */
export const SAFETY_WORDS = 4

type Speaker = 'joiner' | 'inviter'

const NOTHING = new Uint8Array(32)

/** Bound to the connection and the speaker, so that it cannot be passed on or thrown back. `about`: 32 bytes. */
const codeProof = (
  code: InvitationSecrets,
  channel: Pick<Channel, 'transcript'>,
  purpose: string,
  about: Uint8Array,
): Bytes =>
  hmacSha512(
    derive(code.roomKey, 'joining proof'),
    concat(utf8(`teatray joining ${purpose}\0`), channel.transcript, about),
  ).slice(0, PROOF)

export const helloProof = (
  code: InvitationSecrets,
  channel: Pick<Channel, 'transcript'>,
  commitment: Uint8Array,
): Bytes => codeProof(code, channel, 'hello', commitment)

/** For each kind of welcome another proof: neither can be made into the other. */
export const welcomeProof = (
  code: InvitationSecrets,
  channel: Pick<Channel, 'transcript'>,
  hello: HelloMessage,
  type: AnyWelcome['type'] = 'welcome',
): Bytes =>
  codeProof(
    code,
    channel,
    type === 'welcome' ? 'welcome' : 'welcome computer',
    hash('joining message', encodeJoining(hello)),
  )

export const agreedProof = (
  code: InvitationSecrets,
  channel: Pick<Channel, 'transcript'>,
  challenge: Uint8Array,
): Bytes => codeProof(code, channel, 'agreed', challenge)

export const stopProof = (code: InvitationSecrets, channel: Pick<Channel, 'transcript'>, speaker: Speaker): Bytes =>
  codeProof(code, channel, `stop by ${speaker}`, NOTHING)

const certificateBytes = (certificate: DeviceCertificate): Bytes => writeCertificate(createWriter(), certificate).done()

export const commitmentTo = (reveal: {
  readonly nonce: Uint8Array
  readonly certificate: DeviceCertificate
  readonly name: string
}): Bytes => hash('joining commitment', reveal.nonce, certificateBytes(reveal.certificate), utf8(reveal.name))

/** What a conversation, or an exchange of files, is bound to. */
export interface Bound {
  readonly words: readonly string[]
  /** 32 bytes: what the joiner's proof and consent are bound to. */
  readonly challenge: Bytes
}

/** `all`: the hash of everything that the two have said. */
export const boundOver = (all: Uint8Array, words: number): Bound => ({
  words: wordsOf(hash('safety words', all), words),
  challenge: hash('joining challenge', all),
})

/** Over the connection, both people's keys and names, both nonces, and who is let in as what: all that the three messages hold. */
export function bind(
  channel: Pick<Channel, 'transcript'>,
  hello: HelloMessage,
  welcome: AnyWelcome,
  reveal: RevealMessage,
): Bound {
  const said = [hello, welcome, reveal].map((message) => hash('joining message', encodeJoining(message)))
  return boundOver(hash('joining transcript', channel.transcript, ...said), SAFETY_WORDS)
}
