/** Somebody new: signs what the words were compared over, and believes what its own replay of the records bears out. */
import type { CircleId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { deviceIdOf } from '../membership/names.ts'
import { signJoinProof } from '../membership/proof.ts'
import type { StoredRecord } from '../membership/record-store.ts'
import type { DeviceSecrets } from '../membership/state.ts'
import type { InvitationSecrets } from './code.ts'
import type { Bound } from './conversation.ts'
import { createReceiving, isInBy, replay, type Entering, type EnteringTalk, type Receiving } from './entering.ts'
import type { WelcomeMessage } from './messages.ts'

export interface EnterAsPersonRequest {
  /** From stretchCode. */
  readonly invitation: InvitationSecrets
  /** Keep them until the joining is over: only the same device can take it up again once it has been let in. */
  readonly secrets: DeviceSecrets
  readonly name: string
  readonly signer: Signer
  /** Stores the circle; the records have been checked and make this device a member who holds a key. May reject. */
  readonly onRecords: (circle: CircleId, records: readonly StoredRecord[]) => Promise<void>
}

async function finish(
  request: EnterAsPersonRequest,
  welcome: WelcomeMessage,
  talk: EnteringTalk,
  receiving: Receiving,
): Promise<void> {
  const { secrets, signer, invitation } = request
  const { circle } = welcome
  const { membership, kept, isNewer } = await replay(
    { circle, secrets, signer },
    receiving.circles.flatMap(({ records }) => records),
  )
  if (!talk.isOpen()) return
  if (membership === undefined || !isInBy(membership, deviceIdOf(welcome.inviter), invitation.id)) {
    return talk.stop(isNewer ? 'other-version' : 'not-allowed')
  }
  await talk.keep(circle, () => request.onRecords(circle, kept))
}

export function enterAsPerson(request: EnterAsPersonRequest, welcome: WelcomeMessage, bound: Bound): Entering {
  const { circle } = welcome
  let receiving: Receiving | undefined
  return {
    newcomer: 'person',
    groupName: welcome.groupName,
    async yes() {
      const { signer, secrets, name, invitation } = request
      const join = await signJoinProof(signer, circle, { secrets, name }, invitation, bound.challenge)
      return { type: 'confirm', join }
    },
    async hear(talk, message) {
      if (message.type === 'admitted' && receiving === undefined && message.count > 0) {
        receiving = createReceiving([{ circle, count: message.count }])
        talk.showReceived(0, message.count)
        return true
      }
      if (message.type !== 'records' || receiving?.take(message.records) !== true) return false
      talk.showReceived(receiving.received(), receiving.expected)
      if (receiving.received() === receiving.expected) await finish(request, welcome, talk, receiving)
      return true
    },
    // Whoever was let in already only fetches the records again.
    afterLoss: () => undefined,
    forget: () => undefined,
  }
}
