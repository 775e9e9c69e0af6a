/** Giving and opening update files: what they carry goes the way of a session, and what they say counts in who has what. */
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { Clock } from '../../shared/base/clock.ts'
import type { CircleId, MemberId } from '../../shared/base/ids.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import type {
  MakeFileProblem,
  OpenedUpdateFile,
  UpdateFile,
  UpdateFileCircle,
  UpdateFilePlan,
  UpdateFileProblem,
  UpdateFiles,
} from '../../shared/model/contexts.ts'
import { mayFollow } from '../../shared/membership/may-follow.ts'
import type { Carrier } from '../../shared/sync/carry.ts'
import { logKey } from '../../shared/sync/logs.ts'
import type { Replica } from '../../shared/sync/replica.ts'
import type { CircleStore } from '../../shared/sync/store.ts'
import { checkUpdateFile, type CheckedFile } from '../../shared/update-file/check.ts'
import { recipientsOf, sectionsFor, type KnownHeads } from '../../shared/update-file/lacking.ts'
import { makeUpdateFile } from '../../shared/update-file/make.ts'
import { takeUpdateFile, type TakenSection } from '../../shared/update-file/take.ts'
import type { HeldCircle } from './hold-circle.ts'
import type { OpenCircles } from './open-circles.ts'
import type { Welcome } from './receive-welcome.ts'
import { openFileLog } from './update-file-log.ts'

export interface UpdateFilesRequest {
  readonly group: HeldCircle
  readonly circles: OpenCircles
  readonly carrier: Pick<Carrier, 'heard' | 'known'>
  readonly welcomes: { taken(welcome: Welcome): Promise<void> }
  /** Of the group. */
  readonly store: Pick<CircleStore, 'value' | 'setValue'>
  readonly clock: Clock
  readonly signer: Signer
  readonly log: (line: string) => void
}

type Opened = Result<OpenedUpdateFile, UpdateFileProblem | 'storage-failed'>

const NOTHING_KNOWN: KnownHeads = () => undefined

/** Of the sender's computer what its file says, and nothing else: it may have lost what it had when it was last heard of. */
function knownFrom(file: CheckedFile, known: KnownHeads): KnownHeads {
  const stated = new Map(
    file.sections.map(({ circle, heads }) => [circle, new Map(heads.map((head) => [logKey(head), head]))]),
  )
  return (replica, device) => (device === file.device ? stated.get(replica.circle) : known(replica, device))
}

interface Lack {
  readonly we: number
  readonly they: number
}

function lackBetween(file: CheckedFile, replicaOf: (circle: CircleId) => Replica | undefined): Lack {
  let we = 0
  let they = 0
  for (const { circle, heads } of file.sections) {
    const replica = replicaOf(circle)
    if (replica === undefined) continue
    const { membership } = replica
    const state = membership.state()
    const mine = new Map(replica.heads().map((head) => [logKey(head), head.seq]))
    const theirs = new Map(heads.map((head) => [logKey(head), head.seq]))
    for (const head of heads) {
      // Of what was begun before one may read, one lacks nothing.
      if (state.devices.has(head.device) && mayFollow(state, membership.secrets.member, head))
        we += Math.max(0, head.seq - (mine.get(logKey(head)) ?? 0))
    }
    for (const head of replica.headsFor(file.from)) they += Math.max(0, head.seq - (theirs.get(logKey(head)) ?? 0))
  }
  return { we, they }
}

export async function openUpdateFiles(
  request: UpdateFilesRequest,
): Promise<UpdateFiles & { /** Resolves when nothing of a file is being taken in any more. */ stop(): Promise<void> }> {
  const { group, circles, carrier, welcomes, store, clock, signer, log } = request
  const { replica, membership } = group
  const me = membership.secrets
  const files = await openFileLog(store, log)
  let opening: Promise<unknown> = Promise.resolve()
  let stopped = false

  const known: KnownHeads = ({ circle }, device) => carrier.known(circle, device)
  const replicaOf = (circle: CircleId): Replica | undefined =>
    [replica, ...circles.replicas()].find((one) => one.circle === circle)
  const personOf = (id: MemberId): OpenedUpdateFile['from'] => {
    const name = membership.state().members.get(id)?.name ?? ''
    return { id, name, isMe: id === me.member }
  }
  const circleOf = (id: CircleId): Omit<UpdateFileCircle, 'changes'> => {
    const held = replicaOf(id)
    return { id, name: held?.membership.state().name ?? '', scope: id === replica.circle ? 'group' : 'circle' }
  }

  const plan = (to: MemberId | undefined, everything: boolean): UpdateFilePlan | undefined => {
    if (membership.state().devices.get(me.device)?.present !== true) return undefined
    if (recipientsOf(replica, to).length === 0) return undefined
    const knownOfThem = everything ? NOTHING_KNOWN : known
    const sections = sectionsFor({ group: replica, circles: circles.replicas(), to, known: knownOfThem })
    const found = sections.map((one) => ({ ...circleOf(one.replica.circle), changes: one.changes }))
    return { circles: found, changes: found.reduce((sum, { changes }) => sum + changes, 0) }
  }

  /** What is being typed counts too. A store that stopped is told of by the footer; what is on disk can be given all the same. */
  const sealTyped = async (): Promise<void> => {
    const all = [replica, ...circles.replicas()]
    await Promise.all(all.map((one) => one.flush().catch((thrown: unknown) => log(describeThrown(thrown)))))
  }

  const make = async (
    to: MemberId | undefined,
    knownOfThem: KnownHeads,
  ): Promise<Result<UpdateFile, MakeFileProblem>> => {
    await sealTyped()
    try {
      const now = clock.now()
      const made = await makeUpdateFile({
        group: replica,
        circles: circles.replicas(),
        to,
        known: knownOfThem,
        signer,
        now,
      })
      if (!made.ok) return made
      const { bytes, whole, changes } = made.value
      const person = to === undefined ? undefined : personOf(to)
      await files.add({ kind: 'made', at: now, person: person?.name ?? '', changes, bytes: bytes.length })
      const inIt = made.value.circles.map((one) => ({ ...circleOf(one.circle), changes: one.changes }))
      return ok({ bytes, whole, changes, madeAt: now, to: person, circles: inIt })
    } catch (thrown) {
      return fail('storage-failed', describeThrown(thrown))
    }
  }

  const described = (section: TakenSection): OpenedUpdateFile['circles'][number] => ({
    ...circleOf(section.circle),
    isNew: section.isNew,
    changes: [...section.changes].map(([member, count]) => {
      const { name, isMe } = personOf(member)
      return { name, isMe, count }
    }),
  })

  const open = async (bytes: Uint8Array): Promise<Opened> => {
    const checked = await checkUpdateFile(bytes, { group: membership, signer })
    if (!checked.ok) return checked
    const file = checked.value
    await sealTyped()
    const taken = await takeUpdateFile({
      file,
      group: replica,
      circleOf: (circle) => circles.replicas().find((one) => one.circle === circle),
      async welcome(circle, records) {
        await welcomes.taken({ circle, records })
        return circles.replicas().find((one) => one.circle === circle)
      },
      isOver: () => stopped,
      heard: (...said) => carrier.heard(...said),
    })
    if (!taken.ok) return fail('storage-failed')
    const sections = taken.sections
    const sum = (of: (section: TakenSection) => number): number =>
      sections.reduce((total, section) => total + of(section), 0)
    const changes = sum((section) => [...section.changes.values()].reduce((all, count) => all + count, 0))
    const from = personOf(file.from)
    await files.add({ kind: 'opened', at: clock.now(), person: from.name, changes, bytes: bytes.length })
    const lack = file.isRemoved ? { we: 0, they: 0 } : lackBetween(file, replicaOf)
    return ok({
      from,
      madeAt: file.madeAt,
      isRemoved: file.isRemoved,
      whole: file.whole,
      circles: sections.filter(({ held }) => held).map(described),
      waiting: sum(({ waiting }) => waiting),
      setAside: sum(({ setAside }) => setAside),
      refused: sum(({ refused }) => refused.length),
      unopened: sections.filter(({ held }) => !held).length,
      weLack: lack.we,
      theyLack: lack.they,
      reply: () => make(file.from, knownFrom(file, known)),
    })
  }

  return {
    plan,
    make: ({ to, everything }) => make(to, everything ? NOTHING_KNOWN : known),
    /** One after the other: each counts from what the one before brought. */
    open(bytes) {
      const turn = opening.then(async (): Promise<Opened> => {
        try {
          return stopped ? fail('storage-failed', 'closed') : await open(bytes)
        } catch (thrown) {
          log(`an update file: ${describeThrown(thrown)}`)
          return fail('storage-failed', describeThrown(thrown))
        }
      })
      opening = turn
      return turn
    },
    log: files.live,
    async stop() {
      stopped = true
      await opening
    },
  }
}
