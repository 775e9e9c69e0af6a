/** The second of the three files: the newcomer's keys and name, the proof of the code, and consent, bound to the first. */
import { randomBytes, type Bytes } from '../../base/bytes.ts'
import { fail, ok, type Result } from '../../base/errors.ts'
import type { Signer } from '../../crypto/sign.ts'
import { deviceIdOf } from '../../membership/names.ts'
import { signJoinProof } from '../../membership/proof.ts'
import type { DeviceSecrets } from '../../membership/state.ts'
import { createWriter, type DecodeProblem, type Reader } from '../../wire/codec.ts'
import { readJoinProof, writeJoinProof, type JoinProof } from '../../wire/record.ts'
import type { Refusal } from '../admission.ts'
import type { Bound } from '../conversation.ts'
import { isFitNewcomer, isProofFor, refusalOf, type LettingIn } from '../let-in.ts'
import { NONCE } from '../limits.ts'
import {
  decodePadded,
  openSealed,
  readJoiningFile,
  sealJoiningFile,
  type EnvelopeProblem,
  type FileCode,
} from './envelope.ts'
import type { Offer } from './invitation-file.ts'
import { bindFiles, type Newcomer } from './transcript.ts'

export interface Asking {
  readonly nonce: Bytes
  readonly join: JoinProof
}

export const encodeAsking = ({ nonce, join }: Asking): Bytes => writeJoinProof(createWriter().fixed(nonce), join).done()

export const readAsking = (reader: Reader): Asking => ({ nonce: reader.fixed(NONCE), join: readJoinProof(reader) })

/** Padded, as it is sealed. */
export const decodeAsking = (padded: Uint8Array): Result<Asking, DecodeProblem> => decodePadded(padded, readAsking)

export const newcomerIn = ({ nonce, join: { certificate, name } }: Asking): Newcomer => ({ nonce, certificate, name })

export interface Asked {
  readonly asking: Asking
  readonly bound: Bound
}

/**
 * By the newcomer. Proof and consent go with it, before the words are compared: unlike live, nothing can be asked back. They are
 * bound to this offer, so they are good in the circle and for the invitation that it names, and nowhere else.
 */
export async function askToJoin(request: {
  readonly secrets: DeviceSecrets
  readonly name: string
  readonly code: FileCode
  readonly offer: Offer
  readonly signer: Signer
}): Promise<Asked> {
  const { secrets, name, code, offer, signer } = request
  const newcomer = { nonce: randomBytes(NONCE), certificate: secrets.certificate, name }
  const bound = bindFiles(offer, newcomer)
  const join = await signJoinProof(signer, offer.circle, { secrets, name }, code, bound.challenge)
  return { asking: { nonce: newcomer.nonce, join }, bound }
}

export const sealRequestFile = (code: FileCode, asking: Asking): Bytes =>
  sealJoiningFile('request', code, encodeAsking(asking))

export type RequestFileProblem = EnvelopeProblem | 'other-code'

/** By the inviter, with the code of one invitation: what it says is not checked yet. */
export function openRequestFile(bytes: Uint8Array, code: FileCode): Result<Asking, RequestFileProblem> {
  const sealed = readJoiningFile('request', bytes)
  if (!sealed.ok) return sealed
  const padded = openSealed('request', code, sealed.value)
  if (padded === undefined) return fail('other-code')
  const asking = decodeAsking(padded)
  return asking.ok ? asking : fail('damaged', asking.error)
}

/** Everything that can be checked before the people compare words. `offer`: as this inviter made it. */
export async function checkAsking(
  desk: LettingIn,
  offer: Offer,
  asking: Asking,
  at: number,
): Promise<Result<Bound, Refusal | 'proof-does-not-hold'>> {
  const newcomer = newcomerIn(asking)
  const bound = bindFiles(offer, newcomer)
  const isSound = (await isFitNewcomer(desk.signer, newcomer)) && (await isProofFor(desk, bound, newcomer, asking.join))
  if (!isSound) return fail('proof-does-not-hold')
  const refused = refusalOf(desk, deviceIdOf(newcomer.certificate), at)
  return refused === undefined ? ok(bound) : fail(refused)
}
