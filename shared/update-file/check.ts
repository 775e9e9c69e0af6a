/**
 * Opens an update file and checks the whole of it before anything is stored: that it is all here, for this computer, of this group, and
 * truly made by the computer that it names. What it holds is judged afterwards, piece by piece, as in a session.
 */
import type { Bytes } from '../base/bytes.ts'
import { fail, ok, type Result } from '../base/errors.ts'
import type { DeviceId, MemberId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { hashOfRecord } from '../membership/names.ts'
import { openMembership } from '../membership/open.ts'
import type { CircleState, DeviceSecrets, Membership } from '../membership/state.ts'
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
async function stateWith(
  group: Membership,
  signer: Signer,
  content: Pick<FileContent, 'sections'>,
): Promise<CircleState> {
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
const isReadable = ({ sections }: Pick<FileContent, 'sections'>): boolean =>
  sections.every(({ circle, entries }) =>
    entries.every((bytes) => {
      const entry = decodeEntry(bytes)
      return entry.ok && entry.value.circle === circle
    }),
  )

const highest = (state: CircleState, device: DeviceId): number =>
  Math.max(0, ...(state.devices.get(device)?.incarnations ?? []))

/** One that is whole and for this computer; who made it has not been checked. */
export interface ReadFile {
  readonly content: FileContent
  /** What the signature is over. */
  readonly signed: Bytes
  readonly signature: Bytes
}

export function readUpdateFile(
  bytes: Uint8Array,
  secrets: Pick<DeviceSecrets, 'box' | 'member'>,
): Result<ReadFile, EnvelopeProblem | 'not-for-us'> {
  const envelope = decodeEnvelope(bytes)
  if (!envelope.ok) return envelope
  const opened = openEnvelope(secrets.box, envelope.value)
  if (!opened.ok) return opened
  const { signature } = opened.value
  const content = decodeContent(opened.value.content)
  if (!content.ok) return fail('damaged', content.error)
  const { to } = content.value
  if (to !== undefined && to !== secrets.member) return fail('not-for-us')
  return ok({ content: content.value, signed: signedOfFile(envelope.value.slots, opened.value.content), signature })
}

interface Checking {
  readonly group: Membership
  readonly signer: Signer
}

export async function checkUpdateFile(
  bytes: Uint8Array,
  checking: Checking,
): Promise<Result<CheckedFile, UpdateFileProblem>> {
  const read = readUpdateFile(bytes, checking.group.secrets)
  return read.ok ? checkReadFile(read.value, checking) : read
}

export async function checkReadFile(
  read: ReadFile,
  { group, signer }: Checking,
): Promise<Result<CheckedFile, UpdateFileProblem>> {
  const { to: _, ...content } = read.content
  if (content.group !== group.circle) return fail('other-group')
  const state = await stateWith(group, signer, content)
  const sender = state.devices.get(content.device)
  if (sender === undefined) return fail('unknown-sender')
  if (!(await signer.verify('update file', sender.certificate.signingKey, read.signed, read.signature))) {
    return fail('bad-signature')
  }
  if (!isReadable(content)) return fail('damaged', 'entry')
  const knownIncarnation = highest(group.state(), content.device)
  return ok({ ...content, from: sender.member, isRemoved: !sender.present, knownIncarnation })
}
