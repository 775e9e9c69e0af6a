/**
 * The invitations that were made on this computer, kept sealed: so that waiting can go on after a restart, and so that whoever
 * comes with a code that was used, cancelled or has expired gets an answer instead of silence.
 */
import type { Bytes } from '../../shared/base/bytes.ts'
import type { Result } from '../../shared/base/errors.ts'
import type { InvitationId } from '../../shared/base/ids.ts'
import { signingKeyPair } from '../../shared/crypto/sign.ts'
import type { InvitationSecrets } from '../../shared/joining/code.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem } from '../../shared/wire/codec.ts'
import { MAX_TIME } from '../../shared/wire/limits.ts'

const VERSION = 1
const MAX_CODE = 200
/** The room of each is looked after as long as it is kept; more would cost the LAN's tags and the meeting place's patience. */
export const MAX_KEPT = 8

export interface KeptInvitation {
  readonly secrets: InvitationSecrets
  /** As it was shown. */
  readonly code: string
  readonly expiresAt: number
  /** The person asked to stop waiting; the code stays good. */
  readonly paused: boolean
}

export const encodeKept = (kept: readonly KeptInvitation[]): Bytes =>
  createWriter()
    .byte(VERSION)
    .list(kept, (to, { secrets, code, expiresAt, paused }) =>
      to
        .id(secrets.id)
        .fixed(secrets.keys.seed)
        .fixed(secrets.roomKey)
        .text(code)
        .uint(expiresAt)
        .byte(paused ? 1 : 0),
    )
    .done()

export const decodeKept = (bytes: Uint8Array): Result<readonly KeptInvitation[], DecodeProblem> =>
  decodeAll(bytes, (reader) => {
    if (reader.byte() !== VERSION) refuse('other-version', 'kept invitations')
    return reader.list(MAX_KEPT, (from) => ({
      secrets: { id: from.id<InvitationId>(), keys: signingKeyPair(from.fixed(32)), roomKey: from.fixed(32) },
      code: from.text(MAX_CODE),
      expiresAt: from.uint(MAX_TIME),
      paused: from.uint(1) === 1,
    }))
  })
