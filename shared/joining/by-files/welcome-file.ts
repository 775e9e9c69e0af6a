/**
 * The third of the three files is an update file for the newcomer's computer. Before there is a group here, it is believed in what
 * its own records bear out: as live, that this device is in, by this invitation, where the one whose words were compared is.
 */
import { fail, ok, type Result } from '../../base/errors.ts'
import type { InvitationId } from '../../base/ids.ts'
import type { Signer } from '../../crypto/sign.ts'
import { deviceIdOf } from '../../membership/names.ts'
import type { StoredRecord } from '../../membership/record-store.ts'
import type { DeviceSecrets } from '../../membership/state.ts'
import { checkReadFile, readUpdateFile, type UpdateFileProblem } from '../../update-file/check.ts'
import { isInBy, replay } from '../entering.ts'
import type { Offer } from './invitation-file.ts'

export type WelcomeFileProblem =
  | UpdateFileProblem
  /** The one who invited is in the group no more. */
  | 'inviter-gone'
  /** Its records do not bear out that this computer was let in by this invitation. */
  | 'not-let-in'

/** The group's records, to be stored. Who carries them need not be who invited: anybody present may pass them on. */
export async function checkWelcomeFile(
  bytes: Uint8Array,
  request: {
    readonly secrets: DeviceSecrets
    readonly offer: Pick<Offer, 'circle' | 'inviter'>
    readonly invitation: InvitationId
    readonly signer: Signer
  },
): Promise<Result<readonly StoredRecord[], WelcomeFileProblem>> {
  const { secrets, offer, invitation, signer } = request
  const { circle } = offer
  const read = readUpdateFile(bytes, secrets)
  if (!read.ok) return read
  if (read.value.content.group !== circle) return fail('other-group')
  const records = read.value.content.sections[0]?.records ?? []
  const { membership, kept, isNewer } = await replay({ circle, secrets, signer }, records)
  if (membership === undefined) return fail(isNewer ? 'newer-version' : 'not-let-in')
  const checked = await checkReadFile(read.value, { group: membership, signer })
  if (!checked.ok) return checked
  const inviter = deviceIdOf(offer.inviter)
  if (checked.value.isRemoved || !isInBy(membership, inviter, invitation)) {
    if (isNewer) return fail('newer-version')
    return fail(membership.state().devices.get(inviter)?.present === true ? 'not-let-in' : 'inviter-gone')
  }
  return ok(kept)
}
