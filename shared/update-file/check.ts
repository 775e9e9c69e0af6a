/**
 * Opens an update file and checks the whole of it before anything is stored: that it is all here, for this computer, of this group, and
 * truly made by the computer that it names. What it holds is judged afterwards, piece by piece, as in a session.
 */
import { fail, ok, type Result } from '../base/errors.ts'
import type { DeviceId, MemberId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { hashOfRecord } from '../membership/names.ts'
import { openMembership } from '../membership/open.ts'
import type { CircleState, Membership } from '../membership/state.ts'
import { decodeEntry } from '../wire/entry.ts'
import { decodeContent, type FileContent } from './content.ts'
import { decodeEnvelope, openEnvelope, signedOfFile, type EnvelopeProblem } from './envelope.ts'

export type UpdateFileProblem =
  | EnvelopeProblem
  /** Whole, but not sealed for this computer. */
  | 'not-for-us'
  | 'other-group'
  /** Neither our records nor its own know who made it. */
  | 'unknown-sender'
  | 'bad-signature'

export interface CheckedFile extends Omit<FileContent, 'to'> {
  readonly from: MemberId
  /** The sender was taken out of the group: only what it signed itself is looked at, and set aside. */
  readonly isRemoved: boolean
  /** Its highest incarnation by our own records, before the file's are taken in. */
  readonly knownIncarnation: number
}

/** What the group would be with the file's own records, if they are sound; nothing is stored. */
async function stateWith(group: Membership, signer: Signer, content: FileContent): Promise<CircleState> {
  const held = group.hashes()
  const news = (content.sections[0]?.records ?? []).filter((record) => !held.has(hashOfRecord(record)))
  if (news.length === 0) return group.state()
  const records = group.recordsOf(held).map((bytes) => ({ hash: hashOfRecord(bytes), bytes }))
  const store = { records: () => Promise.resolve(records), putRecords: () => Promise.resolve() }
  const preview = await openMembership({ circle: group.circle, secrets: group.secrets, store, signer })
  await preview.receive(news)
  return preview.state()
}

/** A signed file with an entry that does not read was made wrongly: nothing in it is trusted. */
const isReadable = ({ sections }: FileContent): boolean =>
  sections.every(({ circle, entries }) =>
    entries.every((bytes) => {
      const entry = decodeEntry(bytes)
      return entry.ok && entry.value.circle === circle
    }),
  )

const highest = (state: CircleState, device: DeviceId): number =>
  Math.max(0, ...(state.devices.get(device)?.incarnations ?? []))

export async function checkUpdateFile(
  bytes: Uint8Array,
  { group, signer }: { readonly group: Membership; readonly signer: Signer },
): Promise<Result<CheckedFile, UpdateFileProblem>> {
  const envelope = decodeEnvelope(bytes)
  if (!envelope.ok) return envelope
  const { secrets } = group
  const opened = openEnvelope(secrets.box, envelope.value)
  if (!opened.ok) return opened
  const decoded = decodeContent(opened.value.content)
  if (!decoded.ok) return fail('damaged', decoded.error)
  const { to, ...content } = decoded.value
  if (content.group !== group.circle) return fail('other-group')
  if (to !== undefined && to !== secrets.member) return fail('not-for-us')
  const state = await stateWith(group, signer, decoded.value)
  const sender = state.devices.get(content.device)
  if (sender === undefined) return fail('unknown-sender')
  const signed = signedOfFile(envelope.value.slots, opened.value.content)
  if (!(await signer.verify('update file', sender.certificate.signingKey, signed, opened.value.signature))) {
    return fail('bad-signature')
  }
  if (!isReadable(decoded.value)) return fail('damaged', 'entry')
  const knownIncarnation = highest(group.state(), content.device)
  return ok({ ...content, from: sender.member, isRemoved: !sender.present, knownIncarnation })
}
