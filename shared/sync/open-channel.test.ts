import nacl from 'tweetnacl'
import { describe, expect, it } from 'vitest'
import { applyFaults, faultyPair, type FaultPlan } from '../../tests/contracts/faulty-link.ts'
import { concat, equalBytes, randomBytes, utf8, type Bytes } from '../base/bytes.ts'
import { agree } from '../crypto/agree.ts'
import { derive, hmacSha512 } from '../crypto/derive.ts'
import { hash } from '../crypto/hash.ts'
import { boxKeyPairFromSecret } from '../crypto/wrap.ts'
import { MAX_MESSAGE, type Channel } from './channel.ts'
import { LinkClosed, type Link } from './link.ts'
import { createMemoryNetwork } from './memory-transport.ts'
import { openChannel } from './open-channel.ts'

function linkedPair(carry?: (frame: Uint8Array) => Uint8Array[]): Promise<[Link, Link]> {
  const network = createMemoryNetwork(carry === undefined ? {} : { carry })
  const room = { key: new Uint8Array(32), purpose: 'circle' } as const
  return new Promise((resolve) => {
    const links: Link[] = []
    const onLink = (link: Link): void => {
      links.push(link)
      if (links.length === 2) resolve([links[0]!, links[1]!])
    }
    network.transport('a').join(room, onLink)
    network.transport('b').join(room, onLink)
  })
}

const openBoth = async ([a, b]: readonly [Link, Link], timeoutMs = 1000): Promise<[Channel, Channel]> =>
  Promise.all([openChannel(a, { timeoutMs, aliveMs: 50 }), openChannel(b, { timeoutMs, aliveMs: 50 })])

/** Frames are there at once, so that many can be sent; what the second end does not want to hear is lost. */
function directPair(): [Link, Link] {
  const end = (initiator: boolean, other: () => End): End => {
    const early: Uint8Array[] = []
    const closes: ((reason: string) => void)[] = []
    let handle = (frame: Uint8Array): void => void early.push(frame)
    return {
      kind: 'memory',
      initiator,
      deliver: (frame) => handle(frame),
      send: (frame) => Promise.resolve(other().deliver(new Uint8Array(frame))),
      onFrame: (handler) => {
        handle = handler
        for (const frame of early.splice(0)) handler(frame)
      },
      onClose: (handler) => void closes.push(handler),
      close: (reason = 'closed') => {
        for (const handler of closes.splice(0)) handler(reason)
      },
    }
  }
  const first: End = end(true, () => second)
  const second: End = end(false, () => first)
  return [first, second]
}

type End = Link & { deliver(frame: Uint8Array): void }

/** The other end by hand, after the handshake: sends a frame of this flag and nothing else. */
async function handMade(link: Link): Promise<(flag: number) => Promise<void>> {
  const pair = boxKeyPairFromSecret(randomBytes(32))
  const theirs = await new Promise<Uint8Array>((resolve) => {
    link.onFrame((frame) => resolve(frame.subarray(1)))
    void link.send(concat(Uint8Array.of(1), pair.publicKey))
  })
  const [first, second] = link.initiator ? [pair.publicKey, theirs] : [theirs, pair.publicKey]
  const transcript = hash('channel', Uint8Array.of(1), first, second)
  const root = hmacSha512(transcript, agree(pair.secretKey, theirs)!)
  const key = derive(root, link.initiator ? 'channel from initiator' : 'channel to initiator')
  const nonce = new Uint8Array(24)
  let count = 0
  return (flag) => {
    new DataView(nonce.buffer).setUint32(0, ++count, true)
    return link.send(nacl.secretbox(Uint8Array.of(flag), nonce, key))
  }
}

const closeReason = (channel: Channel): Promise<string> => new Promise((resolve) => channel.onClose(resolve))

const collect = (channel: Channel): Bytes[] => {
  const messages: Bytes[] = []
  channel.onMessage((message) => void messages.push(message))
  return messages
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 1000) throw new Error('not in time')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('openChannel', () => {
  it('gives both ends one transcript, no other connection the same', async () => {
    const [a, b] = await openBoth(await linkedPair())
    const [c] = await openBoth(await linkedPair())
    expect(equalBytes(a.transcript, b.transcript)).toBe(true)
    expect(equalBytes(a.transcript, c.transcript)).toBe(false)
  })

  it('carries messages of any size in order, both ways, and hides them', async () => {
    const seen: Uint8Array[] = []
    const pair = await linkedPair((frame) => {
      seen.push(frame)
      return [frame]
    })
    const [a, b] = await openBoth(pair)
    const marker = utf8('a sentence that must not be seen on the wire')
    const messages = [marker, new Uint8Array(0), randomBytes(60_000), new Uint8Array(65_519), new Uint8Array(1_000_000)]
    const [atA, atB] = [collect(a), collect(b)]
    await Promise.all([...messages.map((message) => a.send(message)), b.send(marker)])
    await until(() => atB.length === messages.length && atA.length === 1)
    expect(messages.every((message, index) => equalBytes(message, atB[index]!))).toBe(true)
    expect(atA[0]).toEqual(marker)
    const text = seen.map((frame) => new TextDecoder('latin1').decode(frame)).join('')
    expect(text).not.toContain('a sentence that')
  })

  it('hands over one message after the other, awaiting the handler', async () => {
    const [a, b] = await openBoth(await linkedPair())
    const steps: string[] = []
    b.onMessage(async (message) => {
      steps.push(`begin ${message[0]}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
      steps.push(`end ${message[0]}`)
    })
    await a.send(Uint8Array.of(1))
    await a.send(Uint8Array.of(2))
    await until(() => steps.length === 4)
    expect(steps).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2'])
  })

  it('refuses to send a message over the limit', async () => {
    const [a] = await openBoth(await linkedPair())
    await expect(a.send(new Uint8Array(MAX_MESSAGE + 1))).rejects.toThrow(RangeError)
  })

  it('names what is wrong with a handshake', async () => {
    const first = async (frame: Uint8Array): Promise<string> => {
      const [a, b] = await linkedPair()
      const opening = openChannel(a, { timeoutMs: 200 })
      b.onFrame(() => undefined)
      await b.send(frame)
      return opening.then(
        () => 'opened',
        (thrown: unknown) => (thrown instanceof LinkClosed ? thrown.message : String(thrown)),
      )
    }
    expect(await first(utf8('GET / HTTP/1.1'))).toBe('bad-handshake')
    expect(await first(new Uint8Array(33).fill(2))).toBe('other-version')
    expect(await first(Uint8Array.of(1, ...new Uint8Array(32)))).toBe('bad-handshake')
    expect(await first(Uint8Array.of(1, ...randomBytes(32)))).toBe('handshake-timeout')
  })

  it('closes both ends when a handler throws', async () => {
    const [a, b] = await openBoth(await linkedPair())
    b.onMessage(() => Promise.reject(new Error('no')))
    await a.send(Uint8Array.of(1))
    expect(await closeReason(b)).toBe('handler-failed')
    await expect(closeReason(a)).resolves.toContain('handler-failed')
  })

  it('closes on parts that are not full, and on more short messages than can wait', async () => {
    const answer = async (flags: readonly number[]): Promise<string> => {
      const [link, raw] = directPair()
      const opening = openChannel(link)
      const send = await handMade(raw)
      await send(2)
      const closed = closeReason(await opening)
      await Promise.allSettled(flags.map(send))
      return closed
    }
    expect(await answer([0])).toBe('bad-frame')
    expect(await answer(Array.from({ length: 16_400 }, () => 1))).toBe('flooded')
  })

  it('closes when the other falls silent', async () => {
    let deaf = false
    const pair = await linkedPair((frame) => (deaf ? [] : [frame]))
    const [a] = await openBoth(pair)
    deaf = true
    expect(await closeReason(a)).toContain('silent')
  })

  const faults = ['drop', 'duplicate', 'reorder', 'truncate', 'corrupt'] as const
  it.each(faults)('a link that may %s frames ends in a close, never in a wrong message', async (fault) => {
    for (let seed = 1; seed <= 12; seed++) {
      const plan: FaultPlan = { seed, [fault]: 0.2, spare: seed % 4 }
      const [a, b] = faultyPair(await linkedPair(), plan)
      const sent = Array.from({ length: 30 }, (_, index) => new Uint8Array(10 + index * 4000).fill(index))
      const opened = await openBoth([a, b], 100).catch(() => undefined)
      if (opened === undefined) continue
      const got = collect(opened[1])
      const closed = closeReason(opened[1])
      for (const message of sent) await opened[0].send(message).catch(() => undefined)
      expect(await closed).not.toBe('')
      expect(got.every((message, index) => equalBytes(message, sent[index]!))).toBe(true)
    }
  })

  it('the fault plan does spoil something', () => {
    const frames = [randomBytes(10), randomBytes(10), randomBytes(10), randomBytes(10)]
    expect(applyFaults(frames, { seed: 1, drop: 1 })).toEqual([])
  })
})
