import { describe, expect, it, vi } from 'vitest'
import { openMembership } from '../membership/open.ts'
import { memoryRecordStore, setUp } from '../membership/testing.ts'
import type { Channel } from '../sync/channel.ts'
import type { Link, Room } from '../sync/link.ts'
import { createMemoryNetwork } from '../sync/memory-transport.ts'
import { openChannel } from '../sync/open-channel.ts'
import { inviteBy, newcomer } from './testing.ts'

/** Links whose handshake fails are closed by openChannel, and another may open. */
const attachTo = (side: { attach(channel: Channel): void }) => (link: Link) => {
  openChannel(link).then(
    (channel) => side.attach(channel),
    () => undefined,
  )
}

async function together() {
  const { actors, signer, circle } = await setUp(['Alice'])
  const [alice] = actors
  const { invitation, inviterSide } = await inviteBy(signer, alice.membership, 'Alice')
  const network = createMemoryNetwork({ retry: (run) => void setTimeout(run, 5) })
  const room: Room = { key: invitation.roomKey, purpose: 'joining' }
  const cat = await newcomer('Cat')
  const [inviter, joiner] = [inviterSide(), cat.joinerSide(invitation)]
  network.transport('Alice').join(room, attachTo(inviter))
  network.transport('Cat').join(room, attachTo(joiner))
  const compare = () =>
    vi.waitFor(() => {
      const [here, there] = [inviter.state.get(), joiner.state.get()]
      if (here.step !== 'compare-words' || there.step !== 'compare-words')
        throw new Error(`${here.step}, ${there.step}`)
      expect(there.words).toEqual(here.words)
      return here.words
    })
  return { alice, cat, circle, compare, inviter, joiner, network, signer }
}

describe('joining over sealed channels', () => {
  it('ends with the newcomer in', async () => {
    const { alice, cat, circle, compare, inviter, joiner, signer } = await together()
    await compare()
    await Promise.all([inviter.confirmWords(true), joiner.confirmWords(true)])
    await vi.waitFor(() => expect([inviter.state.get().step, joiner.state.get().step]).toEqual(['done', 'done']))
    await Promise.all([inviter.left(), joiner.left()])
    const store = memoryRecordStore(cat.stored)
    const membership = await openMembership({ circle, secrets: cat.secrets, store, signer })
    expect(membership.state()).toEqual(alice.membership.state())
  })

  it('begins again with other words after the way was cut', async () => {
    const { compare, inviter, joiner, network } = await together()
    const before = await compare()
    await inviter.confirmWords(true)
    network.setReachable('Alice', 'Cat', false)
    await vi.waitFor(() => expect(joiner.state.get()).toEqual({ step: 'looking', lost: true }))
    await vi.waitFor(() => expect(inviter.state.get()).toEqual({ step: 'waiting', lost: true }))
    network.setReachable('Alice', 'Cat', true)
    expect(await compare()).not.toEqual(before)
    await Promise.all([inviter.confirmWords(true), joiner.confirmWords(true)])
    await vi.waitFor(() => expect([inviter.state.get().step, joiner.state.get().step]).toEqual(['done', 'done']))
  })

  it('tells the other side of a cancel before it leaves', async () => {
    const { compare, inviter, joiner } = await together()
    await compare()
    joiner.cancel()
    await vi.waitFor(() => expect(inviter.state.get()).toMatchObject({ reason: 'cancelled-there', name: 'Cat' }))
    await Promise.all([inviter.left(), joiner.left()])
  })
})
