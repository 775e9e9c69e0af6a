import { describe, expect, it, vi } from 'vitest'
import { setUp } from '../membership/testing.ts'
import type { Channel } from '../sync/channel.ts'
import { HELLO_WITHIN_MS, MAX_SEATS, REVEAL_WITHIN_MS } from './limits.ts'
import { decodeJoining } from './messages.ts'
import { channelPair, inviteBy, manualTimers, newcomer } from './testing.ts'

async function ready() {
  const { actors, signer } = await setUp(['Alice'])
  const invited = await inviteBy(signer, actors[0].membership, 'Alice')
  const timers = manualTimers()
  const inviter = invited.inviterSide(timers)
  /** Has the code, says hello and then nothing more; `deaf`: does not answer when it is called either. */
  const squatter = async (deaf = false): Promise<{ channel: Channel; heard: string[] }> => {
    const heard: string[] = []
    const [here, there] = channelPair((from, message) => {
      const read = decodeJoining(message)
      const type = read.ok ? read.value.type : 'nothing'
      if (from === 'inviter') heard.push(type)
      return type === 'reveal' || (deaf && type === 'ready') ? undefined : message
    })
    inviter.attach(here)
    ;(await newcomer('Squatter')).joinerSide(invited.invitation).attach(there)
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0))
    return { channel: here, heard }
  }
  const cat = await newcomer('Cat')
  const catSide = cat.joinerSide(invited.invitation)
  const connectCat = () => {
    const [here, there] = channelPair()
    inviter.attach(here)
    catSide.attach(there)
  }
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20))
  return { inviter, timers, squatter, cat: catSide, connectCat, pause }
}

const isClosed = (channel: Channel): boolean => {
  let closed = false
  channel.onClose(() => (closed = true))
  return closed
}

describe('the place at the inviter’s', () => {
  it('is lost after two minutes by somebody who has the code and shows nothing; the next in line is served', async () => {
    const { inviter, timers, squatter, cat, connectCat, pause } = await ready()
    const { channel, heard } = await squatter()
    expect(heard).toEqual(['welcome'])
    connectCat()
    await pause()
    timers.pass(REVEAL_WITHIN_MS - 1)
    await pause()
    expect(cat.state.get()).toEqual({ step: 'looking', lost: false })
    expect(isClosed(channel)).toBe(false)
    timers.pass(1)
    expect(isClosed(channel)).toBe(true)
    await vi.waitFor(() => expect(cat.state.get().step).toBe('compare-words'))
    await vi.waitFor(() => expect(inviter.state.get()).toMatchObject({ step: 'compare-words', name: 'Cat' }))
  })

  it('is kept by people who compare words in their own time', async () => {
    const { inviter, timers, cat, connectCat, pause } = await ready()
    connectCat()
    await vi.waitFor(() => expect(inviter.state.get().step).toBe('compare-words'))
    await vi.waitFor(() => expect(cat.state.get().step).toBe('compare-words'))
    timers.pass(100 * REVEAL_WITHIN_MS)
    await Promise.all([inviter.confirmWords(true), cat.confirmWords(true)])
    await vi.waitFor(() => expect([inviter.state.get().step, cat.state.get().step]).toEqual(['done', 'done']))
    await pause()
  })

  it('goes round in the order of coming, however quickly one says hello again', async () => {
    const { timers, squatter, cat, connectCat, pause } = await ready()
    await squatter()
    const second = await squatter()
    expect(second.heard).toEqual(['busy'])
    connectCat()
    const last = await squatter()
    await pause()
    timers.pass(REVEAL_WITHIN_MS)
    await vi.waitFor(() => expect(second.heard).toEqual(['busy', 'ready', 'welcome']))
    expect(last.heard).toEqual(['busy'])
    timers.pass(REVEAL_WITHIN_MS)
    await vi.waitFor(() => expect(cat.state.get().step).toBe('compare-words'))
    expect(last.heard).toEqual(['busy'])
  })

  it('that somebody was called to and did not take is given on', async () => {
    const { timers, squatter, cat, connectCat, pause } = await ready()
    const first = await squatter()
    const deaf = await squatter(true)
    connectCat()
    await pause()
    first.channel.close('gone')
    await vi.waitFor(() => expect(deaf.heard).toEqual(['busy', 'ready']))
    timers.pass(REVEAL_WITHIN_MS)
    await vi.waitFor(() => expect(cat.state.get().step).toBe('compare-words'))
  })

  it('has a bounded number waiting for it, and nobody who says nothing', async () => {
    const { inviter, timers } = await ready()
    const channels = Array.from({ length: MAX_SEATS + 3 }, () => channelPair()[0])
    for (const channel of channels) inviter.attach(channel)
    expect(channels.filter(isClosed)).toHaveLength(3)
    timers.pass(HELLO_WITHIN_MS)
    expect(channels.filter(isClosed)).toHaveLength(MAX_SEATS + 3)
    const [again] = channelPair()
    inviter.attach(again)
    expect(isClosed(again)).toBe(false)
  })
})
