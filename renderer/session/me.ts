/** Who I am on this computer: my name and my secret keys, for the store to seal. */
import type { Bytes } from '../../shared/base/bytes.ts'
import type { Result } from '../../shared/base/errors.ts'
import { decodeDeviceSecrets, encodeDeviceSecrets } from '../../shared/membership/identity.ts'
import type { DeviceSecrets } from '../../shared/membership/state.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem } from '../../shared/wire/codec.ts'
import { MAX_NAME } from '../../shared/wire/limits.ts'

const VERSION = 1
const MAX_SECRETS = 1024

export interface Me {
  readonly name: string
  readonly secrets: DeviceSecrets
}

export const encodeMe = (me: Me): Bytes =>
  createWriter().byte(VERSION).text(me.name).bytes(encodeDeviceSecrets(me.secrets)).done()

export const decodeMe = (bytes: Uint8Array): Result<Me, DecodeProblem> =>
  decodeAll(bytes, (reader) => {
    if (reader.byte() !== VERSION) refuse('other-version', 'identity version')
    const name = reader.text(MAX_NAME)
    const secrets = decodeDeviceSecrets(reader.bytes(MAX_SECRETS))
    return secrets.ok ? { name, secrets: secrets.value } : refuse(secrets.error, secrets.detail ?? '')
  })
