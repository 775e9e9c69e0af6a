/** The LAN between two computers: network namespaces joined by a bridge, without a default route. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomBytes } from '../../shared/base/bytes.ts'
import type { Link, Transport } from '../../shared/sync/link.ts'
import { MAX_FRAME } from '../../shared/sync/link.ts'
import { createLanTransport } from '../../renderer/transports/lan.ts'
import { type Lan, createLan, whyNoNamespaces } from '../netns/namespaces.ts'
import { type RemoteLan, bundleForNode, startRemoteLan } from '../netns/remote-lan.ts'
import { describeTransport } from './transport.contract.ts'

const why = whyNoNamespaces()
if (why !== '') process.stderr.write(`LAN between namespaces: skipped, ${why}\n`)

const transportOf = (remote: RemoteLan): Transport =>
  createLanTransport({ lan: remote.lan, onEvent: (handler) => remote.onEvent(handler) })

async function until(condition: () => boolean, within: number, what: string): Promise<number> {
  const from = performance.now()
  while (!condition()) {
    if (performance.now() - from > within) throw new Error(`not within ${within} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return performance.now() - from
}

describe.skipIf(why !== '')('between two computers', () => {
  let lan: Lan
  let bundle: Awaited<ReturnType<typeof bundleForNode>>

  beforeAll(async () => {
    bundle = await bundleForNode('tests/netns/lan-machine.ts')
    lan = createLan(2)
  })
  afterAll(async () => {
    lan?.close()
    await bundle?.remove()
  })

  const startBoth = async (): Promise<[RemoteLan, RemoteLan]> => {
    const [one, other] = lan.machines
    return [await startRemoteLan(one!, bundle.file), await startRemoteLan(other!, bundle.file)]
  }

  async function withTwo(run: (a: RemoteLan, b: RemoteLan) => Promise<void>): Promise<void> {
    const [a, b] = await startBoth()
    try {
      await run(a, b)
    } finally {
      await Promise.all([a.close(), b.close()])
    }
  }

  describeTransport('LAN between namespaces', async () => {
    const remotes = await startBoth()
    const [left, right] = remotes.map(transportOf)
    return {
      left: left!,
      right: right!,
      close: async () => {
        await Promise.all(remotes.map((remote) => remote.close()))
      },
    }
  })

  test('a pulled cable is noticed, and once it is back the two link again by themselves', { timeout: 40_000 }, () =>
    withTwo(async (a, b) => {
      const room = { key: randomBytes(32), purpose: 'circle' } as const
      const links: Record<'a' | 'b', Link[]> = { a: [], b: [] }
      let closed = 0
      const join = (name: 'a' | 'b', remote: RemoteLan): void => {
        transportOf(remote).join(room, (link) => {
          links[name].push(link)
          link.onClose(() => closed++)
        })
      }
      join('a', a)
      join('b', b)
      const found = await until(() => links.a.length > 0 && links.b.length > 0, 5000, 'found')
      lan.machines[1]!.setCable(false)
      const noticed = await until(() => closed === 2, 9000, 'both notice the pulled cable')
      expect(noticed).toBeGreaterThan(100)
      lan.machines[1]!.setCable(true)
      const back = await until(() => links.a.length > 1 && links.b.length > 1, 10_000, 'linked again')
      let got = 0
      links.b.at(-1)!.onFrame((frame) => (got += frame.length))
      await links.a.at(-1)!.send(randomBytes(1000))
      await until(() => got === 1000, 2000, 'a frame crosses the new link')
      process.stdout.write(`LAN: found and linked ${found.toFixed(0)} ms, cable out noticed ${noticed.toFixed(0)} ms, `)
      process.stdout.write(`linked again ${back.toFixed(0)} ms after it was back\n`)
    }),
  )

  test('a killed computer is noticed, and the one who stays goes on', { timeout: 20_000 }, () =>
    withTwo(async (a, b) => {
      const room = { key: randomBytes(32), purpose: 'circle' } as const
      let closed = 0
      let linked = 0
      transportOf(a).join(room, (link) => {
        linked++
        link.onClose(() => closed++)
      })
      transportOf(b).join(room, () => {})
      await until(() => linked === 1, 5000, 'linked')
      process.kill(b.pid, 'SIGKILL')
      await until(() => closed === 1, 9000, 'noticed')
      const again = await startRemoteLan(lan.machines[1]!, bundle.file)
      transportOf(again).join(room, () => {})
      await until(() => linked === 2, 5000, 'linked with its next start')
      expect(closed).toBe(1)
      await again.close()
    }),
  )

  test('five megabytes cross with back-pressure', { timeout: 20_000 }, () =>
    withTwo(async (a, b) => {
      const room = { key: randomBytes(32), purpose: 'circle' } as const
      let from: Link | undefined
      let bytes = 0
      transportOf(a).join(room, (link) => (from = link))
      transportOf(b).join(room, (link) => link.onFrame((frame) => (bytes += frame.length)))
      await until(() => from !== undefined, 5000, 'linked')
      const frame = randomBytes(MAX_FRAME)
      for (let sent = 0; sent < 80; sent++) await from!.send(frame)
      await until(() => bytes >= 80 * MAX_FRAME, 10_000, 'all arrived')
      expect(bytes).toBe(80 * MAX_FRAME)
    }),
  )
})
