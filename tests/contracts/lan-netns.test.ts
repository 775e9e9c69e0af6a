/** The LAN between two computers: network namespaces joined by a bridge, without a default route. */
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomBytes } from '../../shared/base/bytes.ts'
import type { Link, Transport } from '../../shared/sync/link.ts'
import { MAX_FRAME } from '../../shared/sync/link.ts'
import { createLanTransport } from '../../renderer/transports/lan.ts'
import { type Lan, type Machine, createLan, whyNoNamespaces } from '../netns/namespaces.ts'
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

/** The one TCP port that something in the namespace listens on, as the kernel tells (proc(5), state 0A). */
async function listeningPort(machine: Machine): Promise<number> {
  let found: number | undefined
  const look = (): boolean => {
    const table = execFileSync('ip', ['netns', 'exec', machine.namespace, 'cat', '/proc/net/tcp6', '/proc/net/tcp'])
    const ports = [...table.toString().matchAll(/:([0-9A-F]{4}) [0-9A-F]+:0000 0A /g)]
    found = ports.length === 1 ? Number.parseInt(ports[0]![1]!, 16) : undefined
    return found !== undefined
  }
  await until(look, 3000, 'a port is listened on')
  return found!
}

const runNode = (machine: Machine, script: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = machine.spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`ended with ${code}`))))
  })

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

  describe('one pair of services', () => {
    let remotes: RemoteLan[] = []
    beforeAll(async () => {
      remotes = await startBoth()
    })
    afterAll(async () => {
      await Promise.all(remotes.map((remote) => remote.close()))
    })
    // A fresh pair of processes for each case would take most of a minute; the services are meant to outlive windows.
    describeTransport('LAN between namespaces', () => {
      const [left, right] = remotes.map(transportOf)
      const close = (): Promise<void> => {
        left!.close()
        right!.close()
        return Promise.resolve()
      }
      return Promise.resolve({ left: left!, right: right!, close })
    })
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

  test('a computer whose network comes only later says so, and is found then', { timeout: 20_000 }, () =>
    withTwo(async (a, b) => {
      const room = { key: randomBytes(32), purpose: 'circle' } as const
      lan.machines[1]!.setCable(false)
      let linked = 0
      const [here, there] = [transportOf(a), transportOf(b)]
      here.join(room, () => linked++)
      there.join(room, () => linked++)
      await until(() => there.status().state !== 'starting' && here.status().state !== 'starting', 3000, 'started')
      const states = [here.status(), there.status()]
      lan.machines[1]!.setCable(true)
      expect(states).toEqual([{ state: 'ready' }, { state: 'unavailable', detail: 'no-network' }])
      await until(() => linked === 2, 5000, 'found')
      expect(there.status()).toEqual({ state: 'ready' })
    }),
  )

  test('strangers on the network: an HTTP request, garbage, a port scan and a wrong room', { timeout: 20_000 }, () =>
    withTwo(async (a, b) => {
      const room = { key: randomBytes(32), purpose: 'circle' } as const
      const links: Link[] = []
      transportOf(a).join(room, (link) => links.push(link))
      const port = await listeningPort(lan.machines[0]!)
      const { address } = lan.machines[0]!
      await runNode(
        lan.machines[1]!,
        `import { connect } from 'node:net'
         const visit = (bytes) => new Promise((resolve) => {
           const socket = connect(${port}, '${address}', () => bytes === '' ? socket.destroy() : socket.write(bytes))
           socket.on('error', () => {}).on('close', resolve).resume()
         })
         await visit('GET / HTTP/1.1\\r\\nHost: 10.77.0.1\\r\\nConnection: close\\r\\n\\r\\n')
         await visit(Buffer.alloc(100_000))
         for (let count = 0; count < 30; count++) await visit('')`,
      )
      transportOf(b).join({ key: randomBytes(32), purpose: 'circle' }, (link) => links.push(link))
      await new Promise((resolve) => setTimeout(resolve, 2500))
      expect(links).toEqual([])
      expect(a.log).toEqual([expect.stringContaining(lan.machines[1]!.address)])
      transportOf(b).join(room, (link) => links.push(link))
      await until(() => links.length === 2, 5000, 'a member still links')
      expect(a.log).toHaveLength(1)
    }),
  )

  test('with IPv6 only, by link-local addresses', { timeout: 20_000 }, async () => {
    const sixOnly = createLan(2, { ipv4: false })
    const remotes: RemoteLan[] = []
    try {
      for (const machine of sixOnly.machines) remotes.push(await startRemoteLan(machine, bundle.file))
      const room = { key: randomBytes(32), purpose: 'circle' } as const
      let linked = 0
      for (const remote of remotes) transportOf(remote).join(room, () => linked++)
      await until(() => linked >= 2, 10_000, 'linked')
      expect(linked).toBe(2)
    } finally {
      await Promise.all(remotes.map((remote) => remote.close()))
      sixOnly.close()
    }
  })

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
