/**
 * Another computer of a person's own: is given the identity's seed, makes keys of its own, and is in once the records of the
 * group bear it out. Until everything is handed over at once nothing is kept, and whatever ends it on the way wipes the keys.
 */
import type { CircleId } from '../base/ids.ts'
import { equalBytes } from '../base/bytes.ts'
import { signingKeyPair, type Signer } from '../crypto/sign.ts'
import { createDeviceSecrets } from '../membership/identity.ts'
import { deviceIdOf } from '../membership/names.ts'
import type { StoredRecord } from '../membership/record-store.ts'
import { isFitName } from '../membership/rules.ts'
import type { DeviceSecrets, Membership } from '../membership/state.ts'
import type { Channel } from '../sync/channel.ts'
import type { InvitationSecrets } from './code.ts'
import { agreedProof, type Bound } from './conversation.ts'
import { createReceiving, isIn, replay, type Entering, type EnteringTalk, type Receiving } from './entering.ts'
import { MAX_RECORDS_TOGETHER } from './limits.ts'
import type { CircleAnnounced, IdentityMessage, WelcomeComputerMessage } from './messages.ts'

/** All that another computer of a person begins with. */
export interface ReceivedComputer {
  /** The person's name, as the other computer has it. */
  readonly name: string
  /** The person's identity with this computer's own keys. Wiped where handing over fails. */
  readonly secrets: DeviceSecrets
  /** Checked, and this computer is in each of them; the group first. */
  readonly circles: readonly { readonly circle: CircleId; readonly records: readonly StoredRecord[] }[]
  /** Circles that were announced and whose records do not bear out that this computer is in them. */
  readonly leftOut: readonly CircleId[]
}

export interface EnterAsComputerRequest {
  readonly invitation: InvitationSecrets
  readonly signer: Signer
  /** This computer is one of the same person's already, in another group: it comes in under the keys that it has. */
  readonly own?: DeviceSecrets
  /** Stores everything at once. May reject: then nothing may be left stored. */
  readonly asComputer: (received: ReceivedComputer) => Promise<void>
}

interface Room extends EnterAsComputerRequest {
  readonly welcome: WelcomeComputerMessage
  readonly channel: Pick<Channel, 'transcript'>
  readonly bound: Bound
  saidYes: boolean
  name: string
  secrets: DeviceSecrets | undefined
  receiving: Receiving | undefined
  handedOver: boolean
}

function forget(room: Room): void {
  // Its own keys are in use in its other groups.
  if (room.handedOver || room.secrets === undefined || room.secrets === room.own) return
  const { identity, signing, box } = room.secrets
  for (const secret of [identity.seed, signing.seed, box.secretKey]) secret.fill(0)
  room.secrets = undefined
}

/** Only the identity whose certificate the words were compared over. */
const isTheirs = ({ name, seed }: IdentityMessage, { inviter }: WelcomeComputerMessage): boolean =>
  isFitName(name) && equalBytes(signingKeyPair(seed).publicKey, inviter.identityKey)

async function onIdentity(room: Room, talk: EnteringTalk, message: IdentityMessage): Promise<boolean> {
  if (!room.saidYes || room.secrets !== undefined) return false
  if (!isTheirs(message, room.welcome)) {
    talk.stop('not-allowed')
    return true
  }
  room.secrets = room.own ?? (await createDeviceSecrets(room.signer, message.seed))
  room.name = message.name
  if (!talk.isOpen()) {
    forget(room)
    return true
  }
  await talk.say({ type: 'device', certificate: room.secrets.certificate })
  return true
}

function onCircles(room: Room, talk: EnteringTalk, circles: readonly CircleAnnounced[]): boolean {
  const isDouble = new Set(circles.map(({ circle }) => circle)).size < circles.length
  const isEmpty = circles.length === 0 || circles.some(({ count }) => count === 0)
  if (room.secrets === undefined || room.receiving !== undefined || isDouble || isEmpty) return false
  const receiving = createReceiving(circles)
  if (receiving.expected > MAX_RECORDS_TOGETHER) return false
  room.receiving = receiving
  talk.showReceived(0, receiving.expected)
  return true
}

/** The first must be a group, the others circles of it. */
const isItsPlace = (membership: Membership, group: CircleId | undefined): boolean => {
  const { kind, group: of } = membership.state()
  return group === undefined ? kind === 'group' : kind === 'circle' && of === group
}

async function finish(room: Room, talk: EnteringTalk, secrets: DeviceSecrets, receiving: Receiving): Promise<void> {
  const inviter = deviceIdOf(room.welcome.inviter)
  const circles: { circle: CircleId; records: readonly StoredRecord[] }[] = []
  const leftOut: CircleId[] = []
  for (const { circle, records } of receiving.circles) {
    const { membership, kept, isNewer } = await replay({ circle, secrets, signer: room.signer }, records)
    if (!talk.isOpen()) return
    const isGood = membership !== undefined && isItsPlace(membership, circles[0]?.circle) && isIn(membership, inviter)
    if (isGood) circles.push({ circle, records: kept })
    else if (circles.length > 0) leftOut.push(circle)
    else return talk.stop(isNewer ? 'other-version' : 'not-allowed')
  }
  const [group] = circles
  if (group === undefined) return talk.stop('not-allowed')
  await talk.keep(group.circle, async () => {
    await room.asComputer({ name: room.name, secrets, circles, leftOut })
    room.handedOver = true
  })
}

async function onRecords(room: Room, talk: EnteringTalk, records: Parameters<Receiving['take']>[0]): Promise<boolean> {
  const { receiving, secrets } = room
  if (secrets === undefined || receiving?.take(records) !== true) return false
  talk.showReceived(receiving.received(), receiving.expected)
  if (receiving.received() === receiving.expected) await finish(room, talk, secrets, receiving)
  return true
}

export function enterAsComputer(
  request: EnterAsComputerRequest,
  about: Pick<Room, 'welcome' | 'channel' | 'bound'>,
): Entering {
  const room: Room = {
    ...request,
    ...about,
    saidYes: false,
    name: '',
    secrets: undefined,
    receiving: undefined,
    handedOver: false,
  }
  return {
    newcomer: 'computer',
    groupName: '',
    yes() {
      room.saidYes = true
      const proof = agreedProof(room.invitation, room.channel, room.bound.challenge)
      return Promise.resolve({ type: 'agreed', proof })
    },
    async hear(talk, message) {
      if (message.type === 'identity') return onIdentity(room, talk, message)
      if (message.type === 'circles') return onCircles(room, talk, message.circles)
      return message.type === 'records' && onRecords(room, talk, message.records)
    },
    // The code serves once: the other computer may have said the seed already and answers to it no more.
    afterLoss: () => (room.saidYes ? 'connection-lost' : undefined),
    forget: () => forget(room),
  }
}
