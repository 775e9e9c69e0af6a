import { describe, expect, it, vi } from 'vitest'
import { toHex } from '../base/bytes.ts'
import { createCircle } from '../membership/create.ts'
import { createDeviceSecrets } from '../membership/identity.ts'
import { openMembership } from '../membership/open.ts'
import type { Membership } from '../membership/state.ts'
import { memoryRecordStore, setUp, type Actor } from '../membership/testing.ts'
import type { Signer } from '../crypto/sign.ts'
import type { CircleId } from '../base/ids.ts'
import type { InviterSide } from './inviter.ts'
import type { JoinerSide } from './joiner.ts'
import { MAX_FAILED_PROOFS } from './limits.ts'
import { decodeJoining, encodeJoining, type JoiningMessage } from './messages.ts'
import { channelPair, computerCode, inviteBy, newcomer } from './testing.ts'

const stepOf = (side: InviterSide | JoinerSide): string => side.state.get().step
const reach = (side: InviterSide | JoinerSide, step: string) => vi.waitFor(() => expect(stepOf(side)).toBe(step))
const pause = () => new Promise((resolve) => setTimeout(resolve, 20))

async function circleOf({ secrets, name }: Actor, signer: Signer, group: CircleId): Promise<Membership> {
  const request = {
    secrets,
    kind: 'circle',
    group,
    circleName: 'Planning',
    founderName: name,
    now: 1_000,
    signer,
  } as const
  const { circle, records } = await createCircle(request)
  return openMembership({ circle, secrets, store: memoryRecordStore(records), signer })
}

async function ready() {
  const { actors, signer, circle } = await setUp(['Alice', 'Bob'])
  const [alice, bob] = actors
  const planning = await circleOf(alice, signer, circle)
  const code = await computerCode(signer, 'Alice', alice.membership, planning)
  const laptop = await newcomer('Alice’s laptop')
  return { alice, bob, planning, laptop, signer, circle, ...code }
}

async function compareWords(inviter: InviterSide, joiner: JoinerSide, ...tap: Parameters<typeof channelPair>) {
  const [here, there] = channelPair(...tap)
  inviter.attach(here)
  joiner.attach(there)
  await reach(inviter, 'compare-words')
  await reach(joiner, 'compare-words')
  return [here, there] as const
}

const bothAgree = (inviter: InviterSide, joiner: JoinerSide) =>
  Promise.all([inviter.confirmWords(true), joiner.confirmWords(true)])

/** What `type` is, as it goes by; undefined keeps it back. */
const onMessage =
  (type: JoiningMessage['type'], change: (message: JoiningMessage) => JoiningMessage | undefined) =>
  (_from: 'inviter' | 'joiner', bytes: Uint8Array<ArrayBuffer>) => {
    const read = decodeJoining(bytes)
    if (!read.ok || read.value.type !== type) return bytes
    const changed = change(read.value)
    return changed === undefined ? undefined : encodeJoining(changed)
  }

describe('another computer of one’s own', () => {
  it('is in every circle after both have compared the same words', async () => {
    const { alice, planning, laptop, signer, circle, invitation, oldSide, log } = await ready()
    const before = alice.membership.hashes().size
    const newSide = laptop.joinerSide(invitation)
    await compareWords(oldSide, newSide)
    const [here, there] = [oldSide.state.get(), newSide.state.get()]
    if (here.step !== 'compare-words' || there.step !== 'compare-words') throw new Error('not comparing')
    expect(here.words).toEqual(there.words)
    expect(here.name).toBe('Alice')
    expect(there).toMatchObject({ inviterName: 'Alice', newcomer: 'computer' })
    expect(alice.membership.hashes().size).toBe(before)

    await bothAgree(oldSide, newSide)
    await reach(newSide, 'done')
    await reach(oldSide, 'done')
    expect(newSide.state.get()).toEqual({ step: 'done', circle })
    await Promise.all([oldSide.left(), newSide.left()])
    expect(laptop.stored).toEqual([])
    const [received, ...more] = laptop.computers
    expect(more).toEqual([])
    if (received === undefined) throw new Error('nothing received')
    expect(received).toMatchObject({ name: 'Alice', leftOut: [] })
    expect(received.secrets.member).toBe(alice.secrets.member)
    expect(received.secrets.device).not.toBe(alice.secrets.device)
    expect(received.circles.map((one) => one.circle)).toEqual([circle, planning.circle])

    for (const [index, mine] of [alice.membership, planning].entries()) {
      const store = memoryRecordStore(received.circles[index]?.records)
      const opened = await openMembership({ circle: mine.circle, secrets: received.secrets, store, signer })
      expect(opened.state()).toEqual(mine.state())
      expect(new Set(opened.heldEpochs())).toEqual(new Set(mine.heldEpochs()))
      expect(opened.state().devices.get(received.secrets.device)?.present).toBe(true)
      expect(opened.state().members.get(alice.secrets.member)?.devices).toHaveLength(2)
      // It can sign for this person at once.
      expect(await opened.append({ type: 'profile', name: 'Alice' })).toMatchObject({ ok: true })
    }
    expect(log).toEqual([])
  })

  it('tells nothing of the group before the words are compared, and the seed only after both said yes', async () => {
    const { alice, laptop, circle, invitation, oldSide } = await ready()
    const newSide = laptop.joinerSide(invitation)
    const said: Uint8Array[] = []
    await compareWords(oldSide, newSide, (from, message) => {
      if (from === 'inviter') said.push(new Uint8Array(message))
      return message
    })
    const saidInAll = (): string => said.map(toHex).join(' ')
    expect(newSide.state.get()).toMatchObject({ groupName: '' })
    const secret = toHex(alice.secrets.identity.seed)
    await newSide.confirmWords(true)
    await pause()
    for (const part of [circle, toHex(new TextEncoder().encode('Tuesday')), secret]) {
      expect(saidInAll()).not.toContain(part)
    }
    await oldSide.confirmWords(true)
    await reach(newSide, 'done')
    expect(saidInAll().split(secret)).toHaveLength(2)
    // The one that signs still has it.
    expect(toHex(alice.secrets.identity.seed)).toBe(secret)
    expect(secret).not.toMatch(/^0+$/)
  })

  it('by a code that stands in no log, and serves once', async () => {
    const { alice, planning, laptop, invitation, oldSide } = await ready()
    const newSide = laptop.joinerSide(invitation)
    await compareWords(oldSide, newSide)
    await bothAgree(oldSide, newSide)
    await reach(oldSide, 'done')
    for (const membership of [alice.membership, planning]) {
      const all = membership.recordsOf(membership.hashes()).map(toHex).join(' ')
      for (const secret of [invitation.keys.publicKey, invitation.keys.seed, invitation.roomKey]) {
        expect(all).not.toContain(toHex(secret))
      }
      expect(all).not.toContain(invitation.id)
      expect([...membership.state().invitations.values()].filter(({ status }) => status === 'open')).toEqual([])
    }
    const [here] = channelPair()
    oldSide.attach(here)
    await expect(here.send(Uint8Array.of(1))).rejects.toThrow('closed')
  })

  it('is not made of one that is somebody’s in a group already, and nothing secret is sent', async () => {
    const { alice, laptop, invitation, oldSide } = await ready()
    const newSide = laptop.joinerSide(invitation, undefined, 'refused')
    const said: string[] = []
    const [here, there] = channelPair((_from, message) => {
      const read = decodeJoining(message)
      if (read.ok) said.push(read.value.type)
      return message
    })
    oldSide.attach(here)
    newSide.attach(there)
    await reach(newSide, 'stopped')
    await reach(oldSide, 'stopped')
    expect(newSide.state.get()).toEqual({ step: 'stopped', reason: 'already-in-a-group' })
    expect(oldSide.state.get()).toEqual({ step: 'stopped', reason: 'already-in-a-group' })
    expect(said).toEqual(['hello', 'welcome-computer', 'stop'])
    expect(alice.membership.state().devices.size).toBe(2)
  })

  it('gets what it can where one circle does not take it: the group must', async () => {
    const { alice, planning, laptop, signer, circle } = await ready()
    const refusing: Membership = { ...planning, append: () => Promise.resolve({ ok: false, error: 'not-allowed' }) }
    const { invitation, oldSide, log } = await computerCode(signer, 'Alice', alice.membership, refusing)
    const newSide = laptop.joinerSide(invitation)
    await compareWords(oldSide, newSide)
    await bothAgree(oldSide, newSide)
    await reach(newSide, 'done')
    expect(laptop.computers[0]?.circles.map((one) => one.circle)).toEqual([circle])
    expect(log).toHaveLength(1)
    expect(log[0]).toContain(planning.circle)
  })

  it('leaves out and names a circle that does not verify', async () => {
    const { planning, laptop, circle, invitation, oldSide } = await ready()
    const newSide = laptop.joinerSide(invitation)
    let messages = 0
    await compareWords(
      oldSide,
      newSide,
      onMessage('records', (message) => {
        messages++
        if (message.type !== 'records' || messages < 2) return message
        return { type: 'records', records: message.records.map((record) => record.fill(0, 40, 50)) }
      }),
    )
    await bothAgree(oldSide, newSide)
    await reach(newSide, 'done')
    expect(laptop.computers[0]?.circles.map((one) => one.circle)).toEqual([circle])
    expect(laptop.computers[0]?.leftOut).toEqual([planning.circle])
  })

  it('takes nothing where the group does not verify', async () => {
    const { alice, laptop, invitation, oldSide } = await ready()
    const newSide = laptop.joinerSide(invitation)
    await compareWords(
      oldSide,
      newSide,
      onMessage('records', (message) =>
        message.type === 'records'
          ? { type: 'records', records: message.records.map((record) => record.fill(0, 40, 50)) }
          : message,
      ),
    )
    await bothAgree(oldSide, newSide)
    await reach(newSide, 'stopped')
    await reach(oldSide, 'stopped')
    expect(newSide.state.get()).toEqual({ step: 'stopped', reason: 'not-allowed' })
    expect(laptop.computers).toEqual([])
    const state = oldSide.state.get()
    if (state.step !== 'stopped' || state.device === undefined) throw new Error('no device named')
    expect(alice.membership.state().devices.get(state.device)?.present).toBe(true)
  })

  it('takes no other person’s identity, and only keys of this person are added', async () => {
    const { alice, laptop, signer, invitation, oldSide } = await ready()
    const stranger = await createDeviceSecrets(signer)
    const newSide = laptop.joinerSide(invitation)
    await compareWords(
      oldSide,
      newSide,
      onMessage('identity', () => ({ type: 'identity', name: 'Alice', seed: new Uint8Array(stranger.identity.seed) })),
    )
    await bothAgree(oldSide, newSide)
    await reach(newSide, 'stopped')
    expect(newSide.state.get()).toEqual({ step: 'stopped', reason: 'not-allowed' })

    const second = await computerCode(signer, 'Alice', alice.membership)
    const again = laptop.joinerSide(second.invitation)
    await compareWords(
      second.oldSide,
      again,
      onMessage('device', () => ({ type: 'device', certificate: stranger.certificate })),
    )
    await bothAgree(second.oldSide, again)
    await reach(second.oldSide, 'stopped')
    expect(second.oldSide.state.get()).toEqual({ step: 'stopped', reason: 'connection-lost', name: 'Alice' })
    expect(again.state.get()).toEqual({ step: 'stopped', reason: 'connection-lost' })
    expect(alice.membership.state().devices.size).toBe(2)
    expect(laptop.computers).toEqual([])
  })

  it('that cannot store says so, and its keys are wiped', async () => {
    const { laptop, invitation, oldSide } = await ready()
    const seen: Uint8Array[] = []
    const newSide = laptop.joinerSide(invitation, undefined, ({ secrets }) => {
      seen.push(secrets.identity.seed, secrets.signing.seed, secrets.box.secretKey)
      return Promise.reject(new Error('full'))
    })
    await compareWords(oldSide, newSide)
    await bothAgree(oldSide, newSide)
    await reach(newSide, 'stopped')
    expect(newSide.state.get()).toEqual({ step: 'stopped', reason: 'storage-failed' })
    await reach(oldSide, 'stopped')
    expect(oldSide.state.get()).toMatchObject({ reason: 'cancelled-there', name: 'Alice', device: expect.any(String) })
    expect(seen.map((secret) => secret.every((byte) => byte === 0))).toEqual([true, true, true])
  })
})

describe('a code for a computer ends', () => {
  it.each(['old', 'new'] as const)('when the words differ, as the %s one says', async (who) => {
    const { alice, laptop, invitation, oldSide } = await ready()
    const newSide = laptop.joinerSide(invitation)
    await compareWords(oldSide, newSide)
    const before = alice.membership.hashes().size
    await (who === 'old' ? oldSide : newSide).confirmWords(false)
    await reach(oldSide, 'stopped')
    await reach(newSide, 'stopped')
    expect(oldSide.state.get()).toEqual({ step: 'stopped', reason: 'words-differ', name: 'Alice' })
    expect(newSide.state.get()).toEqual({ step: 'stopped', reason: 'words-differ' })
    expect(alice.membership.hashes().size).toBe(before)
    const [here] = channelPair()
    oldSide.attach(here)
    await expect(here.send(Uint8Array.of(1))).rejects.toThrow('closed')
  })

  it('after three failed proofs', async () => {
    const { laptop, oldSide } = await ready()
    const { invitation: otherCode } = await ready()
    for (let round = 1; round <= MAX_FAILED_PROOFS; round++) {
      expect(stepOf(oldSide)).toBe('waiting')
      const [here, there] = channelPair()
      oldSide.attach(here)
      laptop.joinerSide(otherCode).attach(there)
      await vi.waitFor(() => expect(there.send(Uint8Array.of(1))).rejects.toThrow('closed'))
    }
    expect(oldSide.state.get()).toEqual({ step: 'stopped', reason: 'code-cancelled' })
  })

  it('when this computer is taken out of the group meanwhile', async () => {
    const { alice, bob, laptop, invitation, oldSide } = await ready()
    const newSide = laptop.joinerSide(invitation)
    await compareWords(oldSide, newSide)
    await bob.membership.append({ type: 'remove', target: { device: alice.secrets.device }, lastAccepted: [] })
    await alice.membership.receive(bob.membership.recordsOf(bob.membership.hashes()))
    await reach(newSide, 'stopped')
    expect(oldSide.state.get()).toEqual({ step: 'stopped', reason: 'not-allowed', name: 'Alice' })
    expect(newSide.state.get()).toEqual({ step: 'stopped', reason: 'not-allowed' })
  })
})

describe('a welcome cannot be turned into the other kind', () => {
  it('a computer’s into a person’s, or a person’s into a computer’s', async () => {
    const { alice, laptop, signer, circle, invitation, oldSide } = await ready()
    const asPerson = laptop.joinerSide(invitation)
    const [here, there] = channelPair(
      onMessage('welcome-computer', (message) =>
        message.type === 'welcome-computer'
          ? { ...message, type: 'welcome', circle, groupName: 'Tuesday group' }
          : message,
      ),
    )
    oldSide.attach(here)
    asPerson.attach(there)
    await vi.waitFor(() => expect(there.send(Uint8Array.of(1))).rejects.toThrow('closed'))
    expect(asPerson.state.get()).toEqual({ step: 'looking', lost: false })

    const invited = await inviteBy(signer, alice.membership, 'Alice')
    const cat = await newcomer('Cat')
    const asComputer = cat.joinerSide(invited.invitation)
    const [hereToo, thereToo] = channelPair(
      onMessage('welcome', (message) => {
        if (message.type !== 'welcome') return message
        const { proof, nonce, inviterName, inviter } = message
        return { type: 'welcome-computer', proof, nonce, inviterName, inviter }
      }),
    )
    invited.inviterSide().attach(hereToo)
    asComputer.attach(thereToo)
    await vi.waitFor(() => expect(thereToo.send(Uint8Array.of(1))).rejects.toThrow('closed'))
    expect(asComputer.state.get()).toEqual({ step: 'looking', lost: false })
  })
})

describe('a connection that breaks', () => {
  it.each(['hello', 'welcome-computer', 'reveal'] as const)(
    'at "%s" is taken up again with the same code',
    async (cutAt) => {
      const { laptop, invitation, oldSide } = await ready()
      const newSide = laptop.joinerSide(invitation)
      let isCut = false
      const [here, there] = channelPair(
        onMessage(cutAt, () => {
          isCut = true
          here.close('cut')
          return undefined
        }),
      )
      oldSide.attach(here)
      newSide.attach(there)
      await vi.waitFor(() => expect(isCut).toBe(true))
      await reach(newSide, 'looking')
      await compareWords(oldSide, newSide)
      await bothAgree(oldSide, newSide)
      await reach(newSide, 'done')
      await reach(oldSide, 'done')
    },
  )

  /** Both said yes, and the connection broke as `cutAt` was under way. */
  async function cutAfterYes(cutAt: JoiningMessage['type']) {
    const there = await ready()
    const { laptop, invitation, oldSide } = there
    const newSide = laptop.joinerSide(invitation)
    let isCut = false
    const [here] = await compareWords(
      oldSide,
      newSide,
      onMessage(cutAt, () => {
        isCut = true
        here.close('cut')
        return undefined
      }),
    )
    await bothAgree(oldSide, newSide)
    await vi.waitFor(() => expect(isCut).toBe(true))
    return { ...there, newSide }
  }
  const lost = { step: 'stopped', reason: 'connection-lost' } as const
  type Cut = Awaited<ReturnType<typeof cutAfterYes>>
  const addedBy = ({ oldSide }: Cut) => {
    const state = oldSide.state.get()
    return state.step === 'stopped' ? state.device : undefined
  }
  /** Another code, the same two computers. */
  async function beginAgain({ alice, planning, laptop, signer }: Cut): Promise<void> {
    expect(laptop.computers).toEqual([])
    const { invitation, oldSide } = await computerCode(signer, 'Alice', alice.membership, planning)
    const newSide = laptop.joinerSide(invitation)
    await compareWords(oldSide, newSide)
    await bothAgree(oldSide, newSide)
    await reach(newSide, 'done')
    await reach(oldSide, 'done')
    expect(laptop.computers[0]?.circles).toHaveLength(2)
    expect(alice.membership.state().skipped).toEqual([])
  }

  it('before the seed was said ends the new one; the code still stands', async () => {
    const cut = await cutAfterYes('agreed')
    await reach(cut.newSide, 'stopped')
    expect(cut.newSide.state.get()).toEqual(lost)
    await reach(cut.oldSide, 'waiting')
    const again = cut.laptop.joinerSide(cut.invitation)
    await compareWords(cut.oldSide, again)
    await bothAgree(cut.oldSide, again)
    await reach(again, 'done')
  })

  it.each(['identity', 'device'] as const)('at "%s" ends both, and nothing was added', async (cutAt) => {
    const cut = await cutAfterYes(cutAt)
    await reach(cut.newSide, 'stopped')
    await reach(cut.oldSide, 'stopped')
    expect(cut.newSide.state.get()).toEqual(lost)
    expect(cut.oldSide.state.get()).toEqual({ ...lost, name: 'Alice' })
    expect(cut.alice.membership.state().devices.size).toBe(2)
    await beginAgain(cut)
  })

  it.each(['circles', 'records'] as const)('at "%s" ends both, and names what can be taken out', async (cutAt) => {
    const cut = await cutAfterYes(cutAt)
    await reach(cut.newSide, 'stopped')
    await reach(cut.oldSide, 'stopped')
    expect(cut.newSide.state.get()).toEqual(lost)
    const device = addedBy(cut)
    if (device === undefined) throw new Error('no device named')
    expect(cut.oldSide.state.get()).toEqual({ ...lost, name: 'Alice', device })
    for (const membership of [cut.alice.membership, cut.planning]) {
      expect(membership.state().devices.get(device)?.present).toBe(true)
      const removed = await membership.append({ type: 'remove', target: { device }, lastAccepted: [] })
      expect(removed).toMatchObject({ ok: true })
      expect(membership.state().devices.get(device)?.present).toBe(false)
    }
    await beginAgain(cut)
  })

  it('after all was stored is done, once the new one is met', async () => {
    const cut = await cutAfterYes('received')
    await reach(cut.newSide, 'done')
    await reach(cut.oldSide, 'stopped')
    const [received] = cut.laptop.computers
    if (received === undefined) throw new Error('nothing received')
    expect(cut.oldSide.state.get()).toEqual({ ...lost, name: 'Alice', device: received.secrets.device })
    cut.oldSide.arrived(cut.bob.secrets.device)
    expect(cut.oldSide.state.get()).toMatchObject(lost)
    cut.oldSide.arrived(received.secrets.device)
    expect(cut.oldSide.state.get()).toEqual({ step: 'done', name: 'Alice' })
  })

  it.each(['old', 'new'] as const)('because the %s one gives up while records are sent', async (who) => {
    const { laptop, invitation, oldSide } = await ready()
    const newSide = laptop.joinerSide(invitation)
    await compareWords(
      oldSide,
      newSide,
      onMessage('circles', (message) => {
        if (who === 'old') oldSide.stop()
        else newSide.cancel()
        return message
      }),
    )
    await bothAgree(oldSide, newSide)
    await reach(oldSide, 'stopped')
    await reach(newSide, 'stopped')
    const [here, there] = who === 'old' ? ['cancelled-here', 'cancelled-there'] : ['cancelled-there', 'cancelled-here']
    expect(oldSide.state.get()).toMatchObject({ step: 'stopped', reason: here, device: expect.any(String) })
    expect(newSide.state.get()).toEqual({ step: 'stopped', reason: there })
    expect(laptop.computers).toEqual([])
  })
})

it('a circle of another group does not come in with one’s own', async () => {
  const { alice, laptop, signer, circle } = await ready()
  const foreign = await setUp(['Mallory'])
  const stray = await circleOf(alice, signer, foreign.circle)
  const { invitation, oldSide } = await computerCode(signer, 'Alice', alice.membership, stray)
  const newSide = laptop.joinerSide(invitation)
  await compareWords(oldSide, newSide)
  await bothAgree(oldSide, newSide)
  await reach(newSide, 'done')
  expect(laptop.computers[0]?.circles.map((one) => one.circle)).toEqual([circle])
  expect(laptop.computers[0]?.leftOut).toEqual([stray.circle])
})
