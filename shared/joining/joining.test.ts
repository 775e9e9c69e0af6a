import { describe, expect, it, vi } from 'vitest'
import { openMembership } from '../membership/open.ts'
import { memoryRecordStore, setUp, meet } from '../membership/testing.ts'
import { channelPair, inviteBy, newcomer } from './testing.ts'
import { decodeJoining, encodeJoining } from './messages.ts'
import type { InvitationId } from '../base/ids.ts'
import type { InvitationState, Membership } from '../membership/state.ts'
import { admitPerson } from './admit-person.ts'
import { createInviterSide, type InviterSide } from './inviter.ts'
import type { JoinerSide } from './joiner.ts'

const stepOf = (side: InviterSide | JoinerSide): string => side.state.get().step
const reach = (side: InviterSide | JoinerSide, step: string) => vi.waitFor(() => expect(stepOf(side)).toBe(step))
const wordsOf = (side: InviterSide | JoinerSide): readonly string[] => {
  const state = side.state.get()
  return state.step === 'compare-words' ? state.words : []
}

async function ready() {
  const { actors, signer, circle } = await setUp(['Alice', 'Bob'])
  const [alice, bob] = actors
  const invited = await inviteBy(signer, alice.membership, 'Alice')
  const cat = await newcomer('Cat')
  return { alice, bob, cat, signer, circle, ...invited, inviter: invited.inviterSide() }
}

async function compareWords(inviter: InviterSide, joiner: JoinerSide, ...tap: Parameters<typeof channelPair>) {
  const [here, there] = channelPair(...tap)
  inviter.attach(here)
  joiner.attach(there)
  await reach(inviter, 'compare-words')
  await reach(joiner, 'compare-words')
  return [here, there] as const
}

describe('joining', () => {
  it('lets a newcomer in after both have compared the same words', async () => {
    const { alice, cat, signer, circle, invitation, inviter } = await ready()
    const joiner = cat.joinerSide(invitation)
    await compareWords(inviter, joiner)
    expect(wordsOf(inviter)).toHaveLength(4)
    expect(wordsOf(joiner)).toEqual(wordsOf(inviter))
    expect(joiner.state.get()).toMatchObject({ inviterName: 'Alice', groupName: 'Tuesday group', newcomer: 'person' })
    expect(inviter.state.get()).toMatchObject({ name: 'Cat', theyAgreed: false })

    await inviter.confirmWords(true)
    expect(inviter.state.get()).toEqual({ step: 'admitting', name: 'Cat', waitingForThem: true })
    expect(alice.membership.state().members.has(cat.secrets.member)).toBe(false)
    await joiner.confirmWords(true)
    await reach(joiner, 'done')
    await reach(inviter, 'done')
    expect(joiner.state.get()).toEqual({ step: 'done', circle })
    await Promise.all([joiner.left(), inviter.left()])

    const store = memoryRecordStore(cat.stored)
    const membership = await openMembership({ circle, secrets: cat.secrets, store, signer })
    expect(membership.state()).toEqual(alice.membership.state())
    expect(membership.epochKey(membership.state().currentEpoch)).toBeDefined()
    expect(membership.state().members.get(cat.secrets.member)).toMatchObject({ name: 'Cat', role: 'organiser' })
    expect(membership.state().invitations.get(invitation.id)?.status).toBe('used')
  })

  it('waits for the other whoever answers first', async () => {
    const { cat, invitation, inviter } = await ready()
    const joiner = cat.joinerSide(invitation)
    await compareWords(inviter, joiner)
    await joiner.confirmWords(true)
    expect(joiner.state.get()).toMatchObject({ step: 'waiting-for-them', inviterName: 'Alice' })
    await vi.waitFor(() => expect(inviter.state.get()).toMatchObject({ step: 'compare-words', theyAgreed: true }))
    await inviter.confirmWords(true)
    await reach(joiner, 'done')
    await reach(inviter, 'done')
  })

  it.each(['inviter', 'joiner'] as const)('burns the invitation when the %s says the words differ', async (who) => {
    const { alice, cat, invitation, inviter, inviterSide } = await ready()
    const joiner = cat.joinerSide(invitation)
    await compareWords(inviter, joiner)
    await (who === 'inviter' ? inviter : joiner).confirmWords(false)
    await reach(inviter, 'stopped')
    await reach(joiner, 'stopped')
    expect(inviter.state.get()).toEqual({ step: 'stopped', reason: 'words-differ', name: 'Cat' })
    expect(joiner.state.get()).toEqual({ step: 'stopped', reason: 'words-differ' })
    await vi.waitFor(() => expect(alice.membership.state().invitations.get(invitation.id)?.status).toBe('cancelled'))
    expect(alice.membership.state().members.has(cat.secrets.member)).toBe(false)

    const again = cat.joinerSide(invitation)
    const [here, there] = channelPair()
    inviterSide().attach(here)
    again.attach(there)
    await reach(again, 'stopped')
    expect(again.state.get()).toEqual({ step: 'stopped', reason: 'code-cancelled' })
  })

  it('shows different words to a man in the middle’s two victims', async () => {
    const { cat, invitation, inviter, signer } = await ready()
    const other = await setUp(['Mallory'])
    const fake = other.actors[0]
    const joiner = cat.joinerSide(invitation)
    // Mallory has overheard the code and plays the inviter to Cat and the newcomer to Alice.
    const trap = await inviteBy(signer, fake.membership, 'Alice')
    const membership = withInvitation(fake.membership, invitation.id)
    const admission = admitPerson({ membership, invitation, inviterName: 'Alice', signer, clock: trap.clock })
    const posing = createInviterSide({ admission, invitation, signer, clock: trap.clock })
    const mallory = await newcomer('Cat')
    const posingJoiner = mallory.joinerSide(invitation)
    await compareWords(posing, joiner)
    await compareWords(inviter, posingJoiner)
    expect(wordsOf(inviter)).not.toEqual(wordsOf(joiner))
  })
})

/** As a dishonest inviter would see it: its own circle, with the overheard invitation in it. */
function withInvitation(membership: Membership, id: InvitationId): Membership {
  return {
    ...membership,
    state() {
      const state = membership.state()
      const own = [...state.invitations.values()].map((invitation): [InvitationId, InvitationState] => [
        id,
        { ...invitation, id },
      ])
      return { ...state, invitations: new Map(own) }
    },
  }
}

describe('a code', () => {
  it('that was used is refused to another, and nothing is told', async () => {
    const { cat, invitation, inviter, inviterSide } = await ready()
    const joiner = cat.joinerSide(invitation)
    await compareWords(inviter, joiner)
    await Promise.all([inviter.confirmWords(true), joiner.confirmWords(true)])
    await reach(joiner, 'done')
    const eve = (await newcomer('Eve')).joinerSide(invitation)
    const said: string[] = []
    const [here, there] = channelPair((from, message) => {
      const read = decodeJoining(message)
      if (from === 'inviter' && read.ok) said.push(read.value.type)
      return message
    })
    const second = inviterSide()
    second.attach(here)
    eve.attach(there)
    await reach(eve, 'stopped')
    expect(eve.state.get()).toEqual({ step: 'stopped', reason: 'code-used' })
    expect(said).toEqual(['stop'])
    // The one who asked is answered; the next one will be too.
    expect(second.state.get()).toEqual({ step: 'waiting', lost: false })
    const fay = (await newcomer('Fay')).joinerSide(invitation)
    const [hereToo, thereToo] = channelPair()
    second.attach(hereToo)
    fay.attach(thereToo)
    await reach(fay, 'stopped')
    expect(fay.state.get()).toEqual({ step: 'stopped', reason: 'code-used' })
  })

  it('that has expired is refused by the inviter’s clock', async () => {
    const { cat, clock, invitation, inviter } = await ready()
    clock.time = 2_001
    const joiner = cat.joinerSide(invitation)
    const [here, there] = channelPair()
    inviter.attach(here)
    joiner.attach(there)
    await reach(joiner, 'stopped')
    expect(joiner.state.get()).toEqual({ step: 'stopped', reason: 'code-expired' })
    expect(inviter.state.get()).toEqual({ step: 'stopped', reason: 'code-expired' })
  })

  it('may expire while the two compare words', async () => {
    const { cat, clock, invitation, inviter } = await ready()
    const joiner = cat.joinerSide(invitation)
    await compareWords(inviter, joiner)
    clock.time = 9_999
    await Promise.all([inviter.confirmWords(true), joiner.confirmWords(true)])
    await reach(joiner, 'done')
    expect(cat.stored.length).toBeGreaterThan(0)
  })

  it('that is cancelled meanwhile by another organiser stops both, with the reason', async () => {
    const { alice, bob, cat, invitation, inviter } = await ready()
    const joiner = cat.joinerSide(invitation)
    await compareWords(inviter, joiner)
    await meet(alice, bob)
    await bob.membership.append({ type: 'cancel', invitation: invitation.id, reason: 'cancelled' })
    await meet(bob, alice)
    await reach(joiner, 'stopped')
    expect(inviter.state.get()).toEqual({ step: 'stopped', reason: 'code-cancelled', name: 'Cat' })
    expect(joiner.state.get()).toEqual({ step: 'stopped', reason: 'code-cancelled' })
  })

  it('is asked for before a name is given away', async () => {
    const { cat, inviter } = await ready()
    const { invitation: otherCode } = await ready()
    const stranger = cat.joinerSide(otherCode)
    const said: string[] = []
    const [here, there] = channelPair((from, message) => {
      if (from === 'inviter') said.push('something')
      return message
    })
    inviter.attach(here)
    stranger.attach(there)
    await inviter.left()
    expect(said).toEqual([])
    expect(inviter.state.get()).toEqual({ step: 'waiting', lost: false })
    expect(stranger.state.get()).toEqual({ step: 'looking', lost: false })
  })

  it('cannot be used by someone who is no organiser any more', async () => {
    const { alice, bob, cat, invitation, inviter } = await ready()
    await meet(alice, bob)
    await bob.membership.append({ type: 'role', member: alice.secrets.member, role: 'member' })
    await meet(bob, alice)
    const joiner = cat.joinerSide(invitation)
    const [here, there] = channelPair()
    inviter.attach(here)
    joiner.attach(there)
    await reach(joiner, 'stopped')
    expect(joiner.state.get()).toEqual({ step: 'stopped', reason: 'not-allowed' })
  })
})

describe('several connections', () => {
  it('are served one at a time; the next one begins when the first ends', async () => {
    const { alice, cat, invitation, inviter } = await ready()
    const joiner = cat.joinerSide(invitation)
    const eve = (await newcomer('Eve')).joinerSide(invitation)
    const [eveHere, eveThere] = channelPair()
    await compareWords(inviter, joiner)
    inviter.attach(eveHere)
    eve.attach(eveThere)
    const [spareHere, spareThere] = channelPair()
    inviter.attach(spareHere)
    joiner.attach(spareThere)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(stepOf(eve)).toBe('looking')
    expect(stepOf(joiner)).toBe('compare-words')
    joiner.cancel()
    await reach(inviter, 'stopped')
    expect(inviter.state.get()).toMatchObject({ reason: 'cancelled-there', name: 'Cat' })
    expect(alice.membership.state().invitations.get(invitation.id)?.status).toBe('open')
  })

  it('of the same two people take over from one another', async () => {
    const { cat, invitation, inviter } = await ready()
    const joiner = cat.joinerSide(invitation)
    const [first] = await compareWords(inviter, joiner)
    const before = wordsOf(joiner)
    const [spareHere, spareThere] = channelPair()
    inviter.attach(spareHere)
    joiner.attach(spareThere)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(wordsOf(joiner)).toEqual(before)
    first.close('pulled the cable')
    await vi.waitFor(() => expect(wordsOf(joiner)).not.toEqual(before))
    await vi.waitFor(() => expect(wordsOf(inviter)).toEqual(wordsOf(joiner)))
    await Promise.all([inviter.confirmWords(true), joiner.confirmWords(true)])
    await reach(joiner, 'done')
    await reach(inviter, 'done')
  })
})

function agree(side: InviterSide | JoinerSide): void {
  if (stepOf(side) === 'compare-words') void side.confirmWords(true)
}

describe('a broken connection', () => {
  const messages = ['hello', 'welcome', 'reveal', 'confirm', 'admitted', 'records', 'received']
  it.each(messages)('at "%s" is taken up again with the same code', async (cutAt) => {
    const { alice, cat, invitation, inviter } = await ready()
    const joiner = cat.joinerSide(invitation)
    let isCut = false
    inviter.state.subscribe(() => agree(inviter))
    joiner.state.subscribe(() => agree(joiner))
    const connect = () => {
      const [here, there] = channelPair((_from, message) => {
        const read = decodeJoining(message)
        if (isCut || !read.ok || read.value.type !== cutAt) return message
        isCut = true
        here.close('cut')
        return undefined
      })
      inviter.attach(here)
      joiner.attach(there)
    }
    connect()
    await vi.waitFor(() => expect(isCut).toBe(true))
    await vi.waitFor(() => expect(inviter.state.get()).toMatchObject({ step: 'waiting' }))
    if (cutAt === 'received') inviter.arrived(cat.secrets.device)
    else {
      await reach(joiner, 'looking')
      connect()
    }
    await reach(joiner, 'done')
    await reach(inviter, 'done')
    expect(alice.membership.state().members.get(cat.secrets.member)?.present).toBe(true)
    const admits = alice.membership.state().invitations.get(invitation.id)
    expect(admits).toMatchObject({ status: 'used', usedByDevice: cat.secrets.device })
    expect(alice.membership.state().skipped).toEqual([])
  })

  it('is nothing to report when the one who was let in long ago is met again', async () => {
    const { cat, invitation, inviter, inviterSide } = await ready()
    const joiner = cat.joinerSide(invitation)
    await compareWords(inviter, joiner)
    await Promise.all([inviter.confirmWords(true), joiner.confirmWords(true)])
    await reach(inviter, 'done')
    const answering = inviterSide()
    answering.arrived(cat.secrets.device)
    expect(answering.state.get()).toEqual({ step: 'waiting', lost: false })
  })

  it('after the admission cannot be used by somebody else', async () => {
    const { cat, invitation, inviter } = await ready()
    const joiner = cat.joinerSide(invitation)
    const [here] = await compareWords(inviter, joiner, (from, message) => {
      const read = decodeJoining(message)
      if (from === 'inviter' && read.ok && read.value.type === 'records') {
        here.close('cut')
        return undefined
      }
      return message
    })
    await Promise.all([inviter.confirmWords(true), joiner.confirmWords(true)])
    await reach(joiner, 'looking')
    const eve = (await newcomer('Eve')).joinerSide(invitation)
    const [eveHere, eveThere] = channelPair()
    inviter.attach(eveHere)
    eve.attach(eveThere)
    await reach(eve, 'stopped')
    expect(eve.state.get()).toEqual({ step: 'stopped', reason: 'code-used' })
    expect(inviter.state.get()).toEqual({ step: 'waiting', lost: true })
    await compareWords(inviter, joiner)
    await Promise.all([inviter.confirmWords(true), joiner.confirmWords(true)])
    await reach(joiner, 'done')
  })
})

describe('cancelling', () => {
  it('on the inviter’s side tells the newcomer and keeps the code', async () => {
    const { alice, cat, invitation, inviter } = await ready()
    const joiner = cat.joinerSide(invitation)
    await compareWords(inviter, joiner)
    inviter.stop()
    await reach(joiner, 'stopped')
    expect(joiner.state.get()).toEqual({ step: 'stopped', reason: 'cancelled-there' })
    expect(inviter.state.get()).toMatchObject({ reason: 'cancelled-here' })
    expect(alice.membership.state().invitations.get(invitation.id)?.status).toBe('open')
    await Promise.all([joiner.left(), inviter.left()])
  })

  it('with nobody there just ends', async () => {
    const { cat, invitation, inviter } = await ready()
    const joiner = cat.joinerSide(invitation)
    joiner.cancel()
    inviter.stop()
    expect(joiner.state.get()).toEqual({ step: 'stopped', reason: 'cancelled-here' })
    await Promise.all([joiner.left(), inviter.left()])
    const [here, there] = channelPair()
    inviter.attach(here)
    joiner.attach(there)
    await expect(there.send(Uint8Array.of(1))).rejects.toThrow('closed')
  })
})

describe('a newcomer believes only what it can replay', () => {
  it('not a log that leaves it out, and not bent records', async () => {
    const { cat, invitation, inviter } = await ready()
    const joiner = cat.joinerSide(invitation)
    await compareWords(inviter, joiner, (from, message) => {
      const read = decodeJoining(message)
      if (from !== 'inviter' || !read.ok || read.value.type !== 'records') return message
      const records = read.value.records.map((record, index, all) =>
        index === all.length - 1 ? record.fill(0, 40, 50) : record,
      )
      return encodeJoining({ type: 'records', records })
    })
    await Promise.all([inviter.confirmWords(true), joiner.confirmWords(true)])
    await reach(joiner, 'stopped')
    expect(joiner.state.get()).toEqual({ step: 'stopped', reason: 'not-allowed' })
    expect(cat.stored).toEqual([])
  })

  it('and says so when it cannot store, so that it can be tried again', async () => {
    const { cat, invitation, inviter, inviterSide } = await ready()
    const joiner = cat.joinerSide(invitation, () => Promise.reject(new Error('full')))
    await compareWords(inviter, joiner)
    await Promise.all([inviter.confirmWords(true), joiner.confirmWords(true)])
    await reach(joiner, 'stopped')
    expect(joiner.state.get()).toEqual({ step: 'stopped', reason: 'storage-failed' })
    await reach(inviter, 'stopped')
    const [again, there] = [inviterSide(), cat.joinerSide(invitation)]
    await compareWords(again, there)
    await Promise.all([again.confirmWords(true), there.confirmWords(true)])
    await reach(there, 'done')
  })
})

describe('garbage', () => {
  it('on a channel ends that channel and nothing else', async () => {
    const { cat, invitation, inviter } = await ready()
    const joiner = cat.joinerSide(invitation)
    for (const bytes of [[], [1], [1, 99], [1, 3], [1, 6, 255], [2, 1], [1, 8, 99]]) {
      const [here, there] = channelPair()
      inviter.attach(here)
      joiner.attach(channelPair()[1])
      await there.send(Uint8Array.from(bytes)).catch(() => undefined)
      const [here2, there2] = channelPair()
      joiner.attach(there2)
      if (bytes[0] !== 2) await here2.send(Uint8Array.from(bytes)).catch(() => undefined)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(inviter.state.get()).toEqual({ step: 'waiting', lost: false })
    expect(joiner.state.get()).toEqual({ step: 'looking', lost: false })
    await compareWords(inviter, joiner)
  })

  it('of another version is answered with that reason', async () => {
    const { cat, invitation } = await ready()
    const joiner = cat.joinerSide(invitation)
    const [here, there] = channelPair()
    joiner.attach(there)
    await here.send(Uint8Array.of(2, 1, 2, 3))
    await reach(joiner, 'stopped')
    expect(joiner.state.get()).toEqual({ step: 'stopped', reason: 'other-version' })
  })
})
