/**
 * What this computer offered and was asked in files, for each invitation whose code it keeps: sealed, so that days may pass between
 * the files, and nothing is asked twice.
 */
import type { Bytes } from '../../shared/base/bytes.ts'
import type { Result } from '../../shared/base/errors.ts'
import type { InvitationId } from '../../shared/base/ids.ts'
import { encodeOffer, readOffer, type Offer } from '../../shared/joining/by-files/invitation-file.ts'
import { encodeAsking, readAsking, type Asking } from '../../shared/joining/by-files/request-file.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem, type Reader } from '../../shared/wire/codec.ts'
import { MAX_NAME, MAX_TIME } from '../../shared/wire/limits.ts'
import { MAX_KEPT } from './kept-invitations.ts'

const VERSION = 1

export interface KeptRequest {
  readonly asking: Asking
  /** When it was opened first: by this the expiry is judged. */
  readonly openedAt: number
  /** Name in the request whose place it took; empty: none. */
  readonly instead: string
}

export interface KeptOffer {
  readonly invitation: InvitationId
  readonly offer: Offer
  readonly request: KeptRequest | undefined
  /** The person found the words different. */
  readonly differed: boolean
}

export const encodeKeptOffers = (kept: readonly KeptOffer[]): Bytes =>
  createWriter()
    .byte(VERSION)
    .list(kept, (to, { invitation, offer, request, differed }) => {
      to.id(invitation)
        .fixed(encodeOffer(offer))
        .byte(differed ? 1 : 0)
        .byte(request === undefined ? 0 : 1)
      if (request !== undefined) to.fixed(encodeAsking(request.asking)).uint(request.openedAt).text(request.instead)
    })
    .done()

const readRequest = (reader: Reader): KeptRequest => ({
  asking: readAsking(reader),
  openedAt: reader.uint(MAX_TIME),
  instead: reader.text(MAX_NAME),
})

export const decodeKeptOffers = (bytes: Uint8Array): Result<readonly KeptOffer[], DecodeProblem> =>
  decodeAll(bytes, (reader) => {
    if (reader.byte() !== VERSION) refuse('other-version', 'kept offers')
    return reader.list(MAX_KEPT, (from) => ({
      invitation: from.id<InvitationId>(),
      offer: readOffer(from),
      differed: from.uint(1) === 1,
      request: from.uint(1) === 1 ? readRequest(from) : undefined,
    }))
  })
