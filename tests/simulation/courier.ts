/** The hostile courier: of frames, which it cannot read, and of records and entries, as one who sits with a member could hand on. */
import type { Bytes } from '../../shared/base/bytes.ts'
import { describeThrown } from '../../shared/base/errors.ts'
import type { CircleId, DeviceId, EpochId } from '../../shared/base/ids.ts'
import { derive } from '../../shared/crypto/derive.ts'
import { seal } from '../../shared/crypto/seal.ts'
import { createDeviceSecrets } from '../../shared/membership/identity.ts'
import { yjsClientIdOf } from '../../shared/membership/names.ts'
import { signRecord } from '../../shared/membership/sign-record.ts'
import type { DeviceSecrets } from '../../shared/membership/state.ts'
import * as Y from 'yjs'
import { encodeEntry, encodeEntryBody, encodeUnsignedEntry, NO_HASH } from '../../shared/wire/entry.ts'
import type { RecordBody } from '../../shared/wire/record.ts'
import { syncSigner } from '../fixtures/sync-ed25519.ts'
import { isIn, PAPERS, pick, runningHolds, type Computer, type Hold, type World } from './world.ts'

const KEPT_FRAMES = 64

export function createFrameCourier(world: () => World): (frame: Uint8Array, from: string, to: string) => Uint8Array[] {
  const old: Uint8Array[] = []
  const heldBack = new Map<string, Uint8Array>()

  const keep = ({ random }: World, frame: Uint8Array): void => {
    if (old.length < KEPT_FRAMES) old.push(frame)
    else if (random() < 0.05) old[Math.floor(random() * KEPT_FRAMES)] = frame
  }
  const spoil = (at: World, frame: Uint8Array, way: string): Uint8Array[] => {
    const { random } = at
    at.counts.spoiled += 1
    switch (Math.floor(random() * 7)) {
      case 0:
        return []
      case 1:
        return [frame, frame]
      case 2:
        return [frame.slice(0, Math.ceil(random() * frame.length))]
      case 3: {
        // Comes behind the next one.
        heldBack.set(way, frame)
        return []
      }
      case 4: {
        at.counts.replayed += 1
        const again = pick(at, old)
        return again === undefined ? [frame] : [again, frame]
      }
      default: {
        const strange = frame.slice()
        const place = Math.floor(random() * strange.length)
        strange[place] = (strange[place] ?? 0) ^ (1 + Math.floor(random() * 255))
        return random() < 0.5 ? [strange] : [frame, strange]
      }
    }
  }

  return (frame, from, to) => {
    const at = world()
    const way = `${from} ${to}`
    keep(at, frame)
    if (at.silent.has(way)) return []
    const late = heldBack.get(way)
    heldBack.delete(way)
    const now = at.random() < at.hostility ? spoil(at, frame, way) : [frame]
    return late === undefined ? now : [...now, late]
  }
}

// -------------------------------------------------------------------------------------- records and entries handed in

type Material = { readonly records: readonly Bytes[]; readonly entries: readonly Bytes[] }

async function materialOf(world: World, computer: Computer, circle: CircleId): Promise<Material> {
  const disk = computer.disks.get(circle)
  if (disk === undefined) return { records: [], entries: [] }
  const rows = await disk.index()
  const entries: Bytes[] = []
  for (let taken = 0; taken < 6; taken++) {
    const row = pick(world, rows)
    const [stored] = row === undefined ? [] : await disk.entries(row, row.seq, 1)
    if (stored !== undefined) entries.push(stored.bytes)
  }
  const records = (await disk.records()).map(({ bytes }) => bytes)
  return { entries, records: records.filter(() => world.random() < 0.3) }
}

function bent(world: World, bytes: Bytes): Bytes {
  const at = Math.floor(world.random() * bytes.length)
  return world.random() < 0.3
    ? bytes.slice(0, at)
    : bytes.with(at, (bytes[at] ?? 0) ^ (1 << Math.floor(world.random() * 8)))
}

const shuffled = <Item>({ random }: World, items: readonly Item[]): Item[] =>
  items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)

interface Forger {
  readonly secrets: DeviceSecrets
  /** Whose places it claims. */
  readonly as: DeviceId
  readonly epoch: EpochId
  readonly key: Bytes
}

/** An entry over whatever the victim holds, made with a real key where the forger has one. */
async function forgedEntry(world: World, victim: Hold, forger: Forger): Promise<Bytes> {
  const { circle } = victim
  const doc = new Y.Doc({ gc: false })
  doc.clientID = yjsClientIdOf(circle, forger.as, 0)
  doc.getMap('marks').set(`forged ${world.counts.forged}`, 1)
  const head = victim.replica.heads().find(({ device }) => device === forger.as)
  const place = { device: forger.as, incarnation: 0, seq: (head?.seq ?? 0) + Math.floor(world.random() * 2) }
  const body = encodeEntryBody({
    document: PAPERS[0] ?? ('' as never),
    authoredAt: world.time.now(),
    seen: [],
    update: new Uint8Array(Y.encodeStateAsUpdateV2(doc)),
  })
  const unsigned = {
    kind: 'update' as const,
    circle,
    ...place,
    seq: Math.max(1, place.seq),
    epoch: forger.epoch,
    previous: head?.hash ?? NO_HASH,
    sealedBody: seal(derive(forger.key, 'entry'), body),
  }
  const signature = await syncSigner.sign('entry', forger.secrets.signing, encodeUnsignedEntry(unsigned))
  return encodeEntry({ ...unsigned, signature })
}

/** What somebody who is not in, or is in no more, would like to be true. */
function forgedBodies(world: World, victim: Hold, forger: DeviceSecrets): readonly RecordBody[] {
  const state = victim.membership.state()
  const somebody = pick(world, [...state.members.keys()]) ?? forger.member
  const grant = { epoch: state.currentEpoch, wraps: [] }
  return [
    { type: 'role', member: forger.member, role: 'organiser' },
    { type: 'remove', target: { member: somebody }, lastAccepted: [] },
    { type: 'rename', circleName: 'ours now' },
    { type: 'close', closed: true },
    { type: 'device', certificate: forger.certificate, grants: [] },
    {
      type: 'add',
      name: 'mallory',
      role: 'organiser',
      history: 'all',
      certificates: [forger.certificate],
      addedAt: 1,
      grants: [],
    },
    { type: 'grant', grants: [grant] },
    { type: 'profile', name: 'not mallory' },
  ]
}

const absentComputers = (world: World, { membership }: Hold): readonly Computer[] =>
  world.computers.filter(({ secrets }) => membership.state().devices.get(secrets.device)?.present === false)

async function forgeries(world: World, victim: Hold): Promise<Material> {
  world.counts.forged += 1
  const state = victim.membership.state()
  const held = victim.membership.heldEpochs()
  const removed = pick(world, absentComputers(world, victim))
  const secrets =
    removed === undefined || world.random() < 0.4 ? await createDeviceSecrets(syncSigner) : removed.secrets
  // A removed one has keys of its own; an outsider is given one all the same, as if it had been told.
  const epoch = pick(world, held) ?? state.currentEpoch
  const key = victim.membership.epochKey(epoch) ?? new Uint8Array(32)
  const present = [...state.devices.values()].filter((device) => device.present).map(({ id }) => id)
  // Under its own name (nobody knows it, or knows it is gone), or squatting on somebody's place.
  const as = world.random() < 0.5 ? secrets.device : (pick(world, present) ?? secrets.device)
  const body = pick(world, forgedBodies(world, victim, secrets))
  const record =
    body === undefined
      ? []
      : [
          (await signRecord(syncSigner, secrets, { circle: victim.circle, parents: state.heads.slice(0, 16), body }))
            .bytes,
        ]
  const isOwnLate = as === secrets.device && state.devices.has(as)
  // What a removed device signs after its removal is sound and is set aside; only others' names are forged.
  const entries = isOwnLate ? [] : [await forgedEntry(world, victim, { secrets, as, epoch, key })]
  return { records: record, entries }
}

/** To one computer: what others hold, again and again, under another circle's name, bent, or made up. */
export async function handIn(world: World): Promise<void> {
  const target = pick(
    world,
    runningHolds(world).filter(({ hold }) => isIn(hold)),
  )
  const source = pick(world, world.computers)
  if (target === undefined || source === undefined) return
  const { hold } = target
  const forging = world.random() < 0.4
  // Only what honest people of that circle hold, or what must be refused: a removed computer's late entries are handed in by nobody.
  const circle = pick(world, [...source.disks.keys()]) ?? hold.circle
  const isHonest = isIn({ membership: source.running?.holds.get(circle)?.membership ?? hold.membership })
  const found = isHonest && source.running !== undefined ? await materialOf(world, source, circle) : undefined
  const material = forging ? await forgeries(world, hold) : found
  if (material === undefined) return
  world.counts.injected += 1
  const spoiled = !forging && world.random() < 0.5 ? (bytes: Bytes) => bent(world, bytes) : (bytes: Bytes) => bytes
  const work = [
    hold.membership.receive(shuffled(world, material.records).map(spoiled)),
    hold.replica.receive(shuffled(world, material.entries).map(spoiled)),
  ]
  for (const each of work) {
    each.catch((thrown: unknown) => world.problems.push(`what was handed in threw: ${describeThrown(thrown)}`))
  }
}
