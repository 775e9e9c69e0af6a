/** One invitation file and one request to it, for vectors and the fuzz. */
import { utf8, type Bytes } from '../../shared/base/bytes.ts'
import { hash } from '../../shared/crypto/hash.ts'
import type { Offer } from '../../shared/joining/by-files/invitation-file.ts'
import type { Asking } from '../../shared/joining/by-files/request-file.ts'
import { bindFiles } from '../../shared/joining/by-files/transcript.ts'
import { signJoinProof } from '../../shared/membership/proof.ts'
import { syncSigner } from '../fixtures/sync-ed25519.ts'
import { ada, ben, circle, invitation } from './samples.ts'

export { circle, invitation }

export const offer: Offer = {
  nonce: hash('vectors by files', utf8('offer')),
  circle,
  groupName: 'Selbsthilfe Überlingen',
  inviterName: 'Ada',
  inviter: ada.certificate,
  expiresAt: 1_795_338_600_000,
}

const nonce = hash('vectors by files', utf8('request'))
const name = 'Ben Ångström'
const { challenge } = bindFiles(offer, { nonce, name, certificate: ben.certificate })

export const asking: Asking = {
  nonce,
  join: await signJoinProof(syncSigner, circle, { secrets: ben, name }, invitation, challenge),
}

/** As it is sealed. */
export const padded = (content: Uint8Array): Bytes => {
  const whole = new Uint8Array(1024)
  whole.set(content)
  return whole
}
