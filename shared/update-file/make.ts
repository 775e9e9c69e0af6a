/** Makes an update file: what some people may lack of the group and of the circles that they are in, sealed for their computers. */
import type { Bytes } from '../base/bytes.ts'
import { fail, ok, type Result } from '../base/errors.ts'
import type { MemberId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { hintOf } from '../sync/hello.ts'
import type { Replica } from '../sync/replica.ts'
import { MAX_WELCOME } from '../sync/welcome.ts'
import { encodeContent, type FileSection } from './content.ts'
import { sealUpdateFile } from './envelope.ts'
import { recipientsOf, sectionsFor, type KnownHeads, type Lacking } from './lacking.ts'
import { MAX_CONTENT, MAX_ENTRIES_IN_SECTION, MAX_HEADS_IN_SECTION, MAX_SECTIONS, MAX_SLOTS } from './limits.ts'

const READ_AT_ONCE = 32
/** Lengths, names and the signature around what is counted. */
const FRAMING = 64 * 1024

export interface MadeUpdateFile {
  readonly bytes: Bytes
  /** Changes in it: places of logs. */
  readonly changes: number
  /** False: they lack more than one file holds; the next one brings the rest. */
  readonly whole: boolean
  /** The circles in it, the group first. */
  readonly circles: readonly { readonly circle: Replica['circle']; readonly changes: number }[]
}

export type MakeProblem =
  /** This computer is in the group no more, and gives nothing in its name. */
  | 'not-a-member'
  /** Nobody of that name has a computer in the group. */
  | 'nobody'
  | 'too-many'

interface Room {
  left: number
}

const sizeOf = (parts: readonly Bytes[]): number => parts.reduce((sum, { length }) => sum + length + 8, 0)

async function entriesOf({ replica, from }: Lacking, room: Room) {
  const entries: Bytes[] = []
  let changes = 0
  let whole = true
  for (const head of replica.heads()) {
    let next = from(head) + 1
    while (next <= head.seq && whole) {
      const found = await replica.read(head, next, READ_AT_ONCE)
      for (const entry of found) {
        if (room.left < entry.bytes.length + 8 || entries.length >= MAX_ENTRIES_IN_SECTION) {
          whole = false
          break
        }
        room.left -= entry.bytes.length + 8
        entries.push(entry.bytes)
        changes += entry.seq - next + 1
        next = entry.seq + 1
      }
      if (found.length === 0) break
    }
  }
  return { entries, changes, whole }
}

/** `to` undefined: for everybody in the group. What is being typed just now should be flushed before. */
export async function makeUpdateFile(request: {
  readonly group: Replica
  readonly circles: readonly Replica[]
  readonly to: MemberId | undefined
  readonly known: KnownHeads
  readonly signer: Signer
  readonly now: number
}): Promise<Result<MadeUpdateFile, MakeProblem>> {
  const { group, to, signer, now } = request
  const { membership } = group
  const me = membership.secrets
  const { devices } = membership.state()
  if (devices.get(me.device)?.present !== true) return fail('not-a-member')
  const recipients = recipientsOf(group, to).flatMap((device) => devices.get(device)?.certificate.boxKey ?? [])
  if (recipients.length === 0) return fail('nobody')
  if (recipients.length > MAX_SLOTS) return fail('too-many')

  const sections: FileSection[] = []
  const circles: { circle: Replica['circle']; changes: number }[] = []
  const room: Room = { left: MAX_CONTENT - FRAMING }
  let whole = true
  for (const lacking of sectionsFor(request).slice(0, MAX_SECTIONS)) {
    const { replica } = lacking
    const records = replica.membership.recordsOf(replica.membership.hashes())
    const heads = replica.heads().slice(0, MAX_HEADS_IN_SECTION).map(hintOf)
    const before = sizeOf(records) + heads.length * 48
    // Without its records nobody can tell what its entries are.
    if (before > room.left || (replica !== group && sizeOf(records) > MAX_WELCOME)) {
      whole = false
      continue
    }
    room.left -= before
    const found = await entriesOf(lacking, room)
    const forks = replica
      .forks()
      .entries()
      // Of a log that nobody whom it is for can follow, its proof is of no use either.
      .filter(({ place }) => Number.isFinite(lacking.from(place)))
      .map(({ bytes }) => bytes)
    const proofs = sizeOf(forks) <= room.left ? forks : []
    room.left -= sizeOf(proofs)
    whole &&= found.whole
    sections.push({ circle: replica.circle, records, heads, entries: [...found.entries, ...proofs] })
    circles.push({ circle: replica.circle, changes: found.changes })
  }
  const content = encodeContent({
    group: group.circle,
    device: me.device,
    incarnation: group.incarnation(),
    madeAt: now,
    to,
    whole,
    sections,
  })
  const bytes = await sealUpdateFile(recipients, content, (message) => signer.sign('update file', me.signing, message))
  return ok({ bytes, whole, circles, changes: circles.reduce((sum, { changes }) => sum + changes, 0) })
}
