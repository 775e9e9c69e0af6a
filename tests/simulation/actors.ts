/** What people and their computers do, one thing at a time: write, go away and come back, and change who is in what. */
import type * as Y from 'yjs'
import { describeThrown } from '../../shared/base/errors.ts'
import { randomBytes } from '../../shared/base/bytes.ts'
import type { CircleId, DeviceId, MemberId } from '../../shared/base/ids.ts'
import { signingKeyPair } from '../../shared/crypto/sign.ts'
import { addDevice } from '../../shared/membership/add-device.ts'
import { addMember } from '../../shared/membership/add-member.ts'
import { admissionGrants } from '../../shared/membership/admission-grants.ts'
import { createCircle } from '../../shared/membership/create.ts'
import { createDeviceSecrets } from '../../shared/membership/identity.ts'
import { invitationIdOf } from '../../shared/membership/names.ts'
import { openReceived } from '../../shared/membership/open.ts'
import { signJoinProof } from '../../shared/membership/proof.ts'
import { removeFrom } from '../../shared/membership/remove-from.ts'
import { renewKey } from '../../shared/membership/renew-key.ts'
import type { Membership } from '../../shared/membership/state.ts'
import { createMemoryStore } from '../../shared/sync/memory-store.ts'
import { syncSigner } from '../fixtures/sync-ed25519.ts'
import { backUp, begin, closeWell, crash, createComputer, openNew, reach, restore } from './computers.ts'
import { handIn } from './courier.ts'
import {
  isIn,
  MAX_BRANCHES,
  MAX_CIRCLES,
  PAPERS,
  pick,
  type Computer,
  type Hold,
  type Promised,
  type World,
} from './world.ts'

// -------------------------------------------------------------------------------------------------------------- writing

/** In one paragraph, often at the same place as somebody else; and a mark that nobody ever deletes. */
export function edit(world: World, computer: Computer, hold: Hold | undefined): void {
  const paper = world.random() < 0.8 ? PAPERS[0] : PAPERS[1]
  const doc = paper === undefined ? undefined : hold?.papers.get(paper)?.doc
  if (doc === undefined || hold?.replica.saveState().state === 'stopped') return
  world.counts.edits += 1
  const text = doc.getText('t')
  doc.transact(() => {
    const at = Math.floor(world.random() * Math.min(text.length + 1, 12))
    if (world.random() < 0.3) text.delete(at, Math.min(text.length - at, Math.floor(world.random() * 4)))
    text.insert(Math.min(at, text.length), `${computer.name} `)
    doc.getMap('marks').set(`${computer.name} ${world.counts.edits}`, 1)
  })
}

const clientOf = (doc: Y.Doc, mark: string): number => doc.getMap('marks')._map.get(mark)?.id.client ?? -1

export function acknowledge(world: World, computer: Computer, { circle, papers, replica }: Hold): void {
  const { device } = computer.secrets
  const at = world.time.now()
  const marks = [...papers].flatMap(([paper, { doc }]) =>
    [...doc.getMap('marks').keys()]
      .filter((mark) => mark.startsWith(`${computer.name} `))
      .map((mark): Promised => ({ circle, paper, mark, device, client: clientOf(doc, mark), at })),
  )
  const known = new Set([...world.promised].map((each) => `${each.circle} ${each.paper} ${each.mark}`))
  // Only what was there when it was asked for, and only if the answer comes while the process lives.
  const { running } = computer
  replica.flush().then(
    () => {
      if (computer.running !== running) return
      for (const each of marks) if (!known.has(`${each.circle} ${each.paper} ${each.mark}`)) world.promised.add(each)
    },
    () => undefined,
  )
}

// ------------------------------------------------------------------------------------------------------ who is in what

/** What is refused is refused; what throws is a failure. Never awaited: it takes simulated time. */
function ask(world: World, what: string, work: Promise<unknown>): void {
  work.catch((thrown: unknown) => world.problems.push(`${what}: ${describeThrown(thrown)}`))
}

const roleIn = ({ membership }: Hold): 'organiser' | 'member' | undefined =>
  isIn({ membership }) ? membership.state().members.get(membership.secrets.member)?.role : undefined

const allRecords = (membership: Membership) => membership.recordsOf(membership.hashes())

async function receivedDisk(circle: CircleId, computer: Pick<Computer, 'secrets'>, membership: Membership) {
  const disk = createMemoryStore()
  const { secrets } = computer
  const { membership: opened } = await openReceived(
    { circle, secrets, store: disk, signer: syncSigner },
    allRecords(membership),
  )
  return opened === undefined || !isIn({ membership: opened }) ? undefined : disk
}

/** As the joining conversation ends: the newcomer replays the records and begins with them. */
async function letIn(world: World, { membership }: Hold, person: string): Promise<void> {
  const secrets = await createDeviceSecrets(syncSigner)
  const keys = signingKeyPair(randomBytes(32))
  const history = world.random() < 0.8 ? 'all' : 'from-now'
  const role = world.random() < 0.6 ? 'organiser' : 'member'
  const now = world.time.now()
  const invited = await membership.append({
    type: 'invite',
    invitationKey: keys.publicKey,
    role,
    history,
    createdAt: now,
    expiresAt: now + 604_800_000,
  })
  const grants = invited.ok ? await admissionGrants(membership, secrets.certificate, history) : undefined
  if (grants?.ok !== true) return void world.waiting.push(person)
  const invitation = { id: invitationIdOf(keys.publicKey), keys }
  const join = await signJoinProof(
    syncSigner,
    membership.circle,
    { secrets, name: person },
    invitation,
    randomBytes(32),
  )
  const admitted = await membership.append({ type: 'admit', join, admittedAt: now, grants: grants.value })
  if (!admitted.ok) return void world.waiting.push(person)
  await arrive(world, person, secrets, [membership])
  world.counts.admitted += 1
  if (history === 'from-now') world.counts.fromNow += 1
}

async function arrive(
  world: World,
  person: string,
  secrets: Computer['secrets'],
  memberships: readonly Membership[],
): Promise<void> {
  const disks = new Map<CircleId, ReturnType<typeof createMemoryStore>>()
  for (const membership of memberships) {
    const disk = await receivedDisk(membership.circle, { secrets }, membership)
    if (disk !== undefined) disks.set(membership.circle, disk)
  }
  // Taken out again before the records were handed over.
  if (!disks.has(world.group)) return
  const count = world.computers.filter((each) => each.person === person).length
  const computer = createComputer(world, count === 0 ? person : `${person}${count + 1}`, person, secrets)
  computer.disks = disks
  begin(world, computer)
}

async function anotherComputer(world: World, computer: Computer): Promise<void> {
  const { running } = computer
  if (running === undefined) return
  const secrets = await createDeviceSecrets(syncSigner, computer.secrets.identity.seed)
  const memberships: Membership[] = []
  for (const { circle, membership } of [...running.holds.values()].toSorted((a) =>
    a.circle === world.group ? -1 : 1,
  )) {
    if (!isIn({ membership })) continue
    const added = await addDevice(membership, secrets.certificate)
    if (added.ok) memberships.push(membership)
    else if (circle === world.group) return
  }
  await arrive(world, computer.person, secrets, memberships)
  world.counts.computers += 1
}

async function found(world: World, computer: Computer): Promise<void> {
  const { running, secrets } = computer
  if (running === undefined) return
  const made = await createCircle({
    secrets,
    kind: 'circle',
    group: world.group,
    circleName: `circle ${world.circles.size}`,
    founderName: computer.person,
    now: world.time.now(),
    signer: syncSigner,
  })
  const disk = createMemoryStore()
  await disk.putRecords(made.records)
  computer.disks.set(made.circle, disk)
  world.circles.add(made.circle)
  world.counts.circles += 1
  await openNew(running, made.circle)
}

async function addSomebody(world: World, computer: Computer, hold: Hold): Promise<void> {
  const group = computer.running?.holds.get(world.group)?.membership.state()
  const state = hold.membership.state()
  const candidates = [...(group?.members.values() ?? [])].filter(
    ({ id, present }) => present && state.members.get(id)?.present !== true,
  )
  const person = pick(world, candidates)
  if (group === undefined || person === undefined) return
  const certificates = person.devices.flatMap((id) => {
    const device = group.devices.get(id)
    return device?.present === true ? [device.certificate] : []
  })
  const history = world.random() < 0.75 ? 'all' : 'from-now'
  const added = await addMember(hold.membership, {
    name: person.name,
    role: world.random() < 0.5 ? 'organiser' : 'member',
    history,
    certificates,
    now: computer.clock.now(),
  })
  if (!added.ok) return
  world.counts.added += 1
  if (history === 'from-now') world.counts.fromNow += 1
}

type Target = { readonly member: MemberId } | { readonly device: DeviceId }

async function takeOut(world: World, { membership, replica }: Hold, target: Target): Promise<void> {
  const devices = 'device' in target ? [target.device] : (membership.state().members.get(target.member)?.devices ?? [])
  const removed = await removeFrom(membership, target, replica.lastAccepted(devices))
  if (removed.ok) world.counts.removals += 1
}

function randomTarget(world: World, hold: Hold): Target | undefined {
  const state = hold.membership.state()
  const me = hold.membership.secrets
  const others = [...state.members.values()].filter(({ id, present }) => present && id !== me.member)
  const member = pick(world, others)
  if (member === undefined) return undefined
  const device = pick(world, member.devices)
  return world.random() < 0.3 && device !== undefined ? { device } : { member: member.id }
}

function asOrganiser(world: World, computer: Computer, hold: Hold): void {
  const { membership } = hold
  const chance = world.random()
  const target = randomTarget(world, hold)
  const person = hold.circle === world.group && chance < 0.35 ? world.waiting.pop() : undefined
  if (person !== undefined) return ask(world, 'letting in', letIn(world, hold, person))
  if (hold.circle !== world.group && chance < 0.45) return ask(world, 'adding', addSomebody(world, computer, hold))
  if (chance < 0.57 && target !== undefined) return ask(world, 'taking out', takeOut(world, hold, target))
  if (chance < 0.75 && target !== undefined && 'member' in target) {
    const role = world.random() < 0.6 ? 'organiser' : 'member'
    return ask(world, 'role', membership.append({ type: 'role', member: target.member, role }))
  }
  if (chance < 0.85) {
    world.counts.renewals += 1
    return ask(world, 'changing keys', renewKey(membership))
  }
  if (chance < 0.92) return ask(world, 'renaming', membership.append({ type: 'rename', circleName: `name ${chance}` }))
  const closed = world.random() < 0.5
  return ask(world, 'closing', membership.append({ type: 'close', closed }))
}

function asMember(world: World, computer: Computer, hold: Hold): void {
  const { membership, replica } = hold
  const chance = world.random()
  const own = membership.state().members.get(membership.secrets.member)?.devices ?? []
  const another = pick(
    world,
    own.filter((id) => id !== membership.secrets.device),
  )
  const aside = pick(world, replica.setAside())
  if (chance < 0.04) return ask(world, 'leaving', takeOut(world, hold, { member: membership.secrets.member }))
  if (chance < 0.2 && another !== undefined) return ask(world, 'retiring', takeOut(world, hold, { device: another }))
  if (chance < 0.4 && world.circles.size < MAX_CIRCLES) return ask(world, 'founding', found(world, computer))
  const isFew = world.computers.filter(({ person }) => person === computer.person).length < 2
  if (chance < 0.55 && isFew) return ask(world, 'another computer', anotherComputer(world, computer))
  if (chance < 0.8 && aside !== undefined) {
    world.counts.setAside += 1
    // Where this device may not write just now, it is told so; nothing else is wrong.
    return void replica
      .takeIn(aside.device)
      .catch((thrown: unknown) => world.log(`taking in: ${describeThrown(thrown)}`))
  }
  if (chance < 0.9)
    return ask(world, 'name', membership.append({ type: 'profile', name: `${computer.person} ${chance}` }))
  return ask(world, 'device name', membership.append({ type: 'device-name', name: 'laptop' }))
}

/** One more into the group or a circle. */
export function gatherOne(world: World, computer: Computer, hold: Hold): void {
  const person = world.waiting.pop()
  if (person !== undefined) ask(world, 'letting in', letIn(world, hold, person))
  if (world.random() < 0.3 && world.circles.size < MAX_CIRCLES) ask(world, 'founding', found(world, computer))
  const circles = [...(computer.running?.holds.values() ?? [])].filter(({ circle }) => circle !== world.group)
  const circle = pick(world, circles)
  if (circle !== undefined) ask(world, 'adding', addSomebody(world, computer, circle))
}

/** Mostly what organisers do, where this one is. */
export function changeMembership(world: World, computer: Computer, hold: Hold): void {
  const role = roleIn(hold)
  if (role === undefined) return
  if (role === 'organiser' && world.random() < 0.75) asOrganiser(world, computer, hold)
  else asMember(world, computer, hold)
}

// ------------------------------------------------------------------------------------------------------------ the world

function split(world: World): void {
  const branches = world.random() < 0.4 ? 1 : 1 + Math.floor(world.random() * MAX_BRANCHES)
  for (const { name } of world.computers) world.branches.set(name, Math.floor(world.random() * branches))
  for (const one of world.computers) for (const other of world.computers) reach(world, one, other)
}

function withhold(world: World): void {
  if (world.random() < 0.5) return world.silent.clear()
  const [one, other] = [pick(world, world.computers), pick(world, world.computers)]
  if (one !== undefined && other !== undefined) world.silent.add(`${one.name} ${other.name}`)
}

/** The moment after a promise to keep something is the worst one to crash in. */
async function promiseAndPerhapsCrash(world: World, computer: Computer, hold: Hold): Promise<void> {
  acknowledge(world, computer, hold)
  if (world.random() >= 0.2) return
  await world.time.pass(1)
  crash(world, computer)
}

/** The first time a copy is kept, the next time it is put back. */
function restoreOrBackUp(world: World, computer: Computer): void {
  if (computer.backup === undefined) backUp(world, computer)
  else restore(world, computer)
}

async function doSomething(world: World, computer: Computer): Promise<void> {
  const hold = pick(world, [...(computer.running?.holds.values() ?? [])])
  const chance = world.random()
  if (hold === undefined) {
    if (chance < 0.5) begin(world, computer)
  } else if (chance < 0.4) edit(world, computer, hold)
  else if (chance < 0.52) await promiseAndPerhapsCrash(world, computer, hold)
  else if (chance < 0.68) changeMembership(world, computer, hold)
  else if (chance < 0.8) await handIn(world)
  else if (chance < 0.87) split(world)
  else if (chance < 0.89) withhold(world)
  else if (chance < 0.93) crash(world, computer)
  else if (chance < 0.95) await closeWell(world, computer)
  else if (chance < 0.985) restoreOrBackUp(world, computer)
  else world.hostility = world.random() < 0.5 ? 0 : world.random() * 0.2
}

export async function step(world: World): Promise<void> {
  const computer = pick(world, world.computers)
  if (computer !== undefined) await doSomething(world, computer)
  const wait = world.random()
  await world.time.pass(wait < 0.5 ? 5 : wait < 0.93 ? Math.floor(world.random() * 1000) : 15_000)
}

export function healEverything(world: World): void {
  world.hostility = 0
  world.isResting = true
  world.silent.clear()
  world.branches.clear()
  for (const one of world.computers) for (const other of world.computers) reach(world, one, other)
  for (const computer of world.computers) begin(world, computer)
}
