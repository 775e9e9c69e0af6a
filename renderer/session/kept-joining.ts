/** The newcomer's side of joining by files, from the request to the welcome: sealed. The code itself is not kept. */
import type { Bytes } from '../../shared/base/bytes.ts'
import type { Result } from '../../shared/base/errors.ts'
import type { InvitationId } from '../../shared/base/ids.ts'
import { encodeOffer, readOffer, type Offer } from '../../shared/joining/by-files/invitation-file.ts'
import type { Newcomer } from '../../shared/joining/by-files/transcript.ts'
import { NONCE } from '../../shared/joining/limits.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem } from '../../shared/wire/codec.ts'
import { MAX_NAME } from '../../shared/wire/limits.ts'
import { readCertificate, writeCertificate } from '../../shared/wire/record.ts'

const VERSION = 1
const MAX_FILE = 4096

export interface KeptJoining {
  readonly invitation: InvitationId
  readonly offer: Offer
  readonly newcomer: Newcomer
  /** The request file, to be saved once more: sealed by the code. */
  readonly file: Bytes
  /** The person found the words equal. */
  readonly agreed: boolean
}

/** Undefined: nothing is under way. */
export function encodeKeptJoining(kept: KeptJoining | undefined): Bytes {
  const writer = createWriter().byte(VERSION)
  if (kept === undefined) return writer.byte(0).done()
  const { invitation, offer, newcomer, file, agreed } = kept
  writer.byte(1).id(invitation).fixed(encodeOffer(offer)).fixed(newcomer.nonce).text(newcomer.name)
  return writeCertificate(writer, newcomer.certificate)
    .bytes(file)
    .byte(agreed ? 1 : 0)
    .done()
}

export const decodeKeptJoining = (bytes: Uint8Array): Result<KeptJoining | undefined, DecodeProblem> =>
  decodeAll(bytes, (reader): KeptJoining | undefined => {
    if (reader.byte() !== VERSION) refuse('other-version', 'kept joining')
    if (reader.uint(1) === 0) return undefined
    return {
      invitation: reader.id<InvitationId>(),
      offer: readOffer(reader),
      newcomer: { nonce: reader.fixed(NONCE), name: reader.text(MAX_NAME), certificate: readCertificate(reader) },
      file: reader.bytes(MAX_FILE),
      agreed: reader.uint(1) === 1,
    }
  })
