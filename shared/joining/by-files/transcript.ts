/**
 * What both sides compute over the two files. Live, the newcomer is bound before the inviter's nonce is known, so that somebody in
 * the middle who overheard the code has one guess at four words. Here nobody waits for anybody: whoever holds both files can make
 * requests of their own for weeks and look for one that gives the same words. So there are eight: 88 bits, some 2^88 tries.
 */
import type { Bytes } from '../../base/bytes.ts'
import { hash } from '../../crypto/hash.ts'
import type { DeviceCertificate } from '../../wire/record.ts'
import { boundOver, commitmentTo, type Bound } from '../conversation.ts'
import { encodeOffer, type Offer } from './invitation-file.ts'
import { SAFETY_WORDS_BY_FILES } from './limits.ts'

/** What the newcomer says: as `reveal` in a conversation. */
export interface Newcomer {
  readonly nonce: Bytes
  readonly certificate: DeviceCertificate
  readonly name: string
}

export const bindFiles = (offer: Offer, newcomer: Newcomer): Bound =>
  boundOver(
    hash('joining by files', hash('joining offer', encodeOffer(offer)), commitmentTo(newcomer)),
    SAFETY_WORDS_BY_FILES,
  )
