/** A person's identity key and one computer's device keys, and how the first vouches for the second. */
import { concat, randomBytes, type Bytes } from '../base/bytes.ts'
import { ok, type Result } from '../base/errors.ts'
import { agree } from '../crypto/agree.ts'
import { isAcceptablePublicKey, signingKeyPair, type Signer } from '../crypto/sign.ts'
import { boxKeyPairFromSecret } from '../crypto/wrap.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem } from '../wire/codec.ts'
import type { DeviceCertificate } from '../wire/record.ts'
import { deviceIdOf, memberIdOf } from './names.ts'
import type { DeviceSecrets } from './state.ts'

const SECRETS_VERSION = 1
const SECRET = 32
const SIGNATURE = 64

const certified = (keys: Pick<DeviceCertificate, 'signingKey' | 'boxKey'>): Bytes =>
  concat(keys.signingKey, keys.boxKey)

function assemble(seeds: { identity: Bytes; signing: Bytes; box: Bytes }, signature: Bytes): DeviceSecrets {
  const identity = signingKeyPair(seeds.identity)
  const signing = signingKeyPair(seeds.signing)
  const box = boxKeyPairFromSecret(seeds.box)
  const certificate: DeviceCertificate = {
    identityKey: identity.publicKey,
    signingKey: signing.publicKey,
    boxKey: box.publicKey,
    signature,
  }
  const member = memberIdOf(identity.publicKey)
  return { identity, signing, box, certificate, member, device: deviceIdOf(certificate) }
}

/** Fresh device keys, certified by a fresh identity or by the one whose 32-byte seed is given (another computer of one person). */
export async function createDeviceSecrets(signer: Signer, identitySeed?: Bytes): Promise<DeviceSecrets> {
  const seeds = {
    identity: identitySeed ?? randomBytes(SECRET),
    signing: randomBytes(SECRET),
    box: randomBytes(SECRET),
  }
  const keys = {
    signingKey: signingKeyPair(seeds.signing).publicKey,
    boxKey: boxKeyPairFromSecret(seeds.box).publicKey,
  }
  const signature = await signer.sign('device certificate', signingKeyPair(seeds.identity), certified(keys))
  return assemble(seeds, signature)
}

/** For the vault, which seals it: version, three seeds, the certificate's signature. */
export const encodeDeviceSecrets = (secrets: DeviceSecrets): Bytes =>
  createWriter()
    .byte(SECRETS_VERSION)
    .fixed(secrets.identity.seed)
    .fixed(secrets.signing.seed)
    .fixed(secrets.box.secretKey)
    .fixed(secrets.certificate.signature)
    .done()

export function decodeDeviceSecrets(bytes: Uint8Array): Result<DeviceSecrets, DecodeProblem> {
  const read = decodeAll(bytes, (reader) => {
    if (reader.byte() !== SECRETS_VERSION) refuse('other-version', 'device secrets')
    const seeds = { identity: reader.fixed(SECRET), signing: reader.fixed(SECRET), box: reader.fixed(SECRET) }
    return { seeds, signature: reader.fixed(SIGNATURE) }
  })
  return read.ok ? ok(assemble(read.value.seeds, read.value.signature)) : read
}

const PROBE = new Uint8Array(SECRET).fill(9)

/**
 * True where the identity key signed these device keys and every key can be used safely: what is wrapped to a box key of
 * small order could be opened by anybody.
 */
export async function verifyCertificate(signer: Signer, certificate: DeviceCertificate): Promise<boolean> {
  if (!isAcceptablePublicKey(certificate.signingKey)) return false
  if (agree(PROBE, certificate.boxKey) === undefined) return false
  return signer.verify('device certificate', certificate.identityKey, certified(certificate), certificate.signature)
}
