import { randomBytes, type Bytes } from '../base/bytes.ts'
import type { CircleId, DeviceId } from '../base/ids.ts'
import { KEY_LENGTH } from '../crypto/seal.ts'
import type { Signer } from '../crypto/sign.ts'
import { wrap } from '../crypto/wrap.ts'
import type { EpochGrant } from '../wire/record.ts'
import { circleIdOf, epochIdOf } from './names.ts'
import type { StoredRecord } from './record-store.ts'
import { signRecord } from './sign-record.ts'
import type { DeviceSecrets } from './state.ts'

const NONCE = 16

export type NewCircle = {
  readonly secrets: DeviceSecrets
  readonly circleName: string
  readonly founderName: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly signer: Signer
} & (
  | { readonly kind: 'group'; readonly group?: undefined }
  /** The group it belongs to. */
  | { readonly kind: 'circle'; readonly group: CircleId }
)

function firstEpoch(circle: CircleId, device: DeviceId, boxKey: Bytes): EpochGrant {
  const key = randomBytes(KEY_LENGTH)
  const grant = { epoch: epochIdOf(key, circle, []), wraps: [{ device, wrapped: wrap(boxKey, key) }] }
  key.fill(0)
  return grant
}

/** The first record of a new circle, with its first epoch key wrapped for the founder's device. Nothing is stored here. */
export async function createCircle(
  request: NewCircle,
): Promise<{ readonly circle: CircleId; readonly records: readonly StoredRecord[] }> {
  const { secrets, kind, group } = request
  const nonce = randomBytes(NONCE)
  const circle = circleIdOf(secrets.device, nonce, kind, group)
  const { hash, bytes } = await signRecord(request.signer, secrets, {
    circle,
    parents: [],
    body: {
      type: 'create',
      kind,
      ...(group === undefined ? {} : { group }),
      nonce,
      circleName: request.circleName,
      founderName: request.founderName,
      founder: secrets.certificate,
      createdAt: request.now,
      grant: firstEpoch(circle, secrets.device, secrets.box.publicKey),
    },
  })
  return { circle, records: [{ hash, bytes }] }
}
