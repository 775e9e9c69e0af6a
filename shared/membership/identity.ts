/** A person's identity key and one computer's device keys, and how each vouches for the other. */
import { concat, randomBytes, type Bytes } from '../base/bytes.ts'
import { ok, type Result } from '../base/errors.ts'
import { agree } from '../crypto/agree.ts'
import { signingKeyPair, type Signer } from '../crypto/sign.ts'
import { boxKeyPairFromSecret } from '../crypto/wrap.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem } from '../wire/codec.ts'
import type { DeviceCertificate } from '../wire/record.ts'
import { deviceIdOf, memberIdOf } from './names.ts'
import type { DeviceSecrets } from './state.ts'

const SECRETS_VERSION = 1
const SECRET = 32
const SIGNATURE = 64

type Keys = Pick<DeviceCertificate, 'identityKey' | 'signingKey' | 'boxKey'>
type Signatures = Pick<DeviceCertificate, 'signature' | 'consent'>

const certified = (keys: Keys): Bytes => concat(keys.signingKey, keys.boxKey)

const consented = (keys: Keys): Bytes => concat(keys.identityKey, keys.boxKey)

function assemble(seeds: { identity: Bytes; signing: Bytes; box: Bytes }, signatures: Signatures): DeviceSecrets {
  const identity = signingKeyPair(seeds.identity)
  const signing = signingKeyPair(seeds.signing)
  const box = boxKeyPairFromSecret(seeds.box)
  const certificate: DeviceCertificate = {
    identityKey: identity.publicKey,
    signingKey: signing.publicKey,
    boxKey: box.publicKey,
    ...signatures,
  }
  const member = memberIdOf(identity.publicKey)
  return { identity, signing, box, certificate, member, device: deviceIdOf(certificate) }
}

/** What the two signatures of a certificate are over, and by whom: verifyCertificate asks for the same. */
export async function signCertificate(
  signer: Signer,
  { identity, signing, boxKey }: Pick<DeviceSecrets, 'identity' | 'signing'> & { readonly boxKey: Bytes },
): Promise<Signatures> {
  const keys: Keys = { identityKey: identity.publicKey, signingKey: signing.publicKey, boxKey }
  return {
    signature: await signer.sign('device certificate', identity, certified(keys)),
    consent: await signer.sign('device consent', signing, consented(keys)),
  }
}

/** Fresh device keys, certified by a fresh identity or by the one whose 32-byte seed is given (another computer of one person). */
export async function createDeviceSecrets(signer: Signer, identitySeed?: Bytes): Promise<DeviceSecrets> {
  const seeds = {
    identity: identitySeed ?? randomBytes(SECRET),
    signing: randomBytes(SECRET),
    box: randomBytes(SECRET),
  }
  const [identity, signing] = [signingKeyPair(seeds.identity), signingKeyPair(seeds.signing)]
  const boxKey = boxKeyPairFromSecret(seeds.box).publicKey
  return assemble(seeds, await signCertificate(signer, { identity, signing, boxKey }))
}

/** For the vault, which seals it: version, three seeds, the certificate's signatures. */
export const encodeDeviceSecrets = (secrets: DeviceSecrets): Bytes =>
  createWriter()
    .byte(SECRETS_VERSION)
    .fixed(secrets.identity.seed)
    .fixed(secrets.signing.seed)
    .fixed(secrets.box.secretKey)
    .fixed(secrets.certificate.signature)
    .fixed(secrets.certificate.consent)
    .done()

export function decodeDeviceSecrets(bytes: Uint8Array): Result<DeviceSecrets, DecodeProblem> {
  const read = decodeAll(bytes, (reader) => {
    if (reader.byte() !== SECRETS_VERSION) refuse('other-version', 'device secrets')
    const seeds = { identity: reader.fixed(SECRET), signing: reader.fixed(SECRET), box: reader.fixed(SECRET) }
    return { seeds, signatures: { signature: reader.fixed(SIGNATURE), consent: reader.fixed(SIGNATURE) } }
  })
  return read.ok ? ok(assemble(read.value.seeds, read.value.signatures)) : read
}

const PROBE = new Uint8Array(SECRET).fill(9)

/**
 * True where the identity key and the device's own signed for each other and every key can be used safely: what is wrapped to a
 * box key of small order could be opened by anybody. Without the device's own word a member could put somebody else's computer
 * in under another identity, and whoever it belongs to could not come in any more.
 */
export async function verifyCertificate(signer: Signer, certificate: DeviceCertificate): Promise<boolean> {
  if (agree(PROBE, certificate.boxKey) === undefined) return false
  const { identityKey, signingKey, signature, consent } = certificate
  return (
    (await signer.verify('device certificate', identityKey, certified(certificate), signature)) &&
    (await signer.verify('device consent', signingKey, consented(certificate), consent))
  )
}
