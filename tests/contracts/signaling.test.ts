/** The signalling server, the switch that remembers, and the relay, over real sockets. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { type Server, createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type SignalingService, createSignalingService } from '../../electron/services/signaling/index.ts'
import {
  type ServerLimits,
  type SignalingServer,
  startSignalingServer,
} from '../../electron/services/signaling/server.ts'
import { bundleForNode } from '../netns/remote-lan.ts'
import { MAX_TOPICS } from '../../electron/services/signaling/topics.ts'

const ends: (() => unknown)[] = []
const atEnd = (end: () => unknown): void => void ends.push(end)
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

interface Client {
  readonly socket: WebSocket
  readonly got: unknown[]
  closeCode: number | undefined
  say(message: unknown): void
}

/** Rejects with the HTTP status where the upgrade is refused. */
const connect = (url: string, origin?: string): Promise<Client> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, origin === undefined ? {} : { origin })
    const client: Client = {
      socket,
      got: [],
      closeCode: undefined,
      say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    }
    socket.on('message', (data: Buffer) => client.got.push(JSON.parse(data.toString())))
    socket.on('close', (code) => (client.closeCode = code))
    socket.on('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))))
    socket.on('error', reject)
    socket.on('open', () => resolve(client))
    atEnd(() => socket.terminate())
  })

const until = async (condition: () => boolean, what: string): Promise<void> => {
  const deadline = Date.now() + 4000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** All that was said before has been handled once the answer to a ping is here. */
async function settle(client: Client): Promise<void> {
  const pongs = (): number => client.got.filter((message) => JSON.stringify(message) === '{"type":"pong"}').length
  const before = pongs()
  client.say({ type: 'ping' })
  await until(() => pongs() > before, 'pong')
}

const published = (client: Client): unknown[] =>
  client.got.filter((message) => !JSON.stringify(message).includes('pong'))

async function start(limits: Partial<ServerLimits> = {}): Promise<{ url: string; server: SignalingServer }> {
  const server = await startSignalingServer({ port: 0, hosts: ['127.0.0.1'], limits })
  atEnd(() => server.close())
  return { url: `ws://127.0.0.1:${server.port}`, server }
}

describe('the server', () => {
  test('a message reaches every subscriber of its topic, the sender too, with their number, and no one else', async () => {
    const { url } = await start()
    const [ann, bea, cleo] = [await connect(url), await connect(url), await connect(url)]
    ann.say({ type: 'subscribe', topics: ['room'] })
    bea.say({ type: 'subscribe', topics: ['room', 'other'] })
    cleo.say({ type: 'subscribe', topics: ['other'] })
    for (const client of [ann, bea, cleo]) await settle(client)
    ann.say({ type: 'publish', topic: 'room', data: 'sealed', extra: 'not passed on' })
    await settle(ann)
    for (const client of [bea, cleo]) await settle(client)
    const message = { type: 'publish', topic: 'room', data: 'sealed', clients: 2 }
    expect([published(ann), published(bea), published(cleo)]).toEqual([[message], [message], []])
  })

  test('who unsubscribes or goes hears nothing more', async () => {
    const { url } = await start()
    const [ann, bea, cleo] = [await connect(url), await connect(url), await connect(url)]
    for (const client of [ann, bea, cleo]) {
      client.say({ type: 'subscribe', topics: ['room'] })
      await settle(client)
    }
    bea.say({ type: 'unsubscribe', topics: ['room'] })
    await settle(bea)
    cleo.socket.close()
    await until(() => cleo.closeCode !== undefined, 'closed')
    ann.say({ type: 'publish', topic: 'room', data: 1 })
    await settle(ann)
    await settle(bea)
    expect(published(ann)).toEqual([{ type: 'publish', topic: 'room', data: 1, clients: 1 }])
    expect(published(bea)).toEqual([])
  })

  const refusals: Record<string, [number, (client: Client) => void]> = {
    'what is not JSON': [1003, (client) => client.say('{')],
    'an unknown type': [1003, (client) => client.say({ type: 'kill' })],
    'a binary message': [1003, (client) => client.socket.send(Buffer.from('{"type":"ping"}'), { binary: true })],
    'a message over the limit': [
      1009,
      (client) => client.say({ type: 'publish', topic: 'a', data: 'x'.repeat(70_000) }),
    ],
    'too many topics': [
      1008,
      (client) => {
        client.say({ type: 'subscribe', topics: Array.from({ length: MAX_TOPICS }, (_, index) => `a${index}`) })
        client.say({ type: 'subscribe', topics: ['one more'] })
      },
    ],
    'too many messages': [
      1008,
      (client) => {
        for (let count = 0; count < 60; count++) client.say({ type: 'ping' })
      },
    ],
  }
  test.each(Object.entries(refusals))('%s ends that connection and no other', async (_, [code, misbehave]) => {
    const { url } = await start({ burst: 50, messagesPerSecond: 20 })
    const [bad, good] = [await connect(url), await connect(url)]
    bad.socket.on('error', () => undefined)
    misbehave(bad)
    await until(() => bad.closeCode !== undefined, 'closed')
    expect(bad.closeCode).toBe(code)
    await settle(good)
    expect(good.closeCode).toBeUndefined()
  })

  test('connections are limited', async () => {
    const { url } = await start({ maxPerAddress: 2 })
    const clients = [await connect(url), await connect(url)]
    const third = await connect(url)
    await until(() => third.closeCode !== undefined, 'refused')
    expect(third.closeCode).toBe(1013)
    clients[0]!.socket.close()
    await until(() => clients[0]!.closeCode !== undefined, 'closed')
    await settle(await connect(url))
  })

  test('a client that does not answer pings is dropped', async () => {
    const { url } = await start({ pingEvery: 50 })
    const silent = new WebSocket(url, { autoPong: false })
    let over = false
    silent.on('close', () => (over = true))
    silent.on('error', () => undefined)
    const awake = await connect(url)
    await until(() => over, 'dropped')
    await settle(awake)
    expect(awake.closeCode).toBeUndefined()
  })

  test('a web page from elsewhere is refused, one on loopback is not', async () => {
    const { url } = await start()
    await expect(connect(url, 'https://evil.example')).rejects.toThrow('403')
    await expect(connect(url, 'null')).rejects.toThrow('403')
    await settle(await connect(url, 'http://127.0.0.1:20123'))
  })

  test('over plain HTTP it says what it is', async () => {
    const { url } = await start()
    expect(await (await fetch(url.replace('ws:', 'http:'))).text()).toContain('messages it cannot read')
  })
})

/** Stands for a host: an HTTP server that hands upgrades to the relay. */
async function host(service: SignalingService): Promise<Server> {
  const server = createServer()
  server.on('upgrade', (request, socket, head) => service.relay.upgrade(request, socket, head))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  service.setRelayBase(`ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`)
  atEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  return server
}

describe('the switch', () => {
  let directory: string
  const log: string[] = []
  beforeEach(async () => {
    log.length = 0
    directory = await mkdtemp(join(tmpdir(), 'teatray-'))
    atEnd(() => rm(directory, { recursive: true }))
  })
  const open = (): SignalingService => {
    const service = createSignalingService({ profileDirectory: directory, log: (line) => log.push(line) })
    atEnd(() => service.close())
    return service
  }

  test('is off at first, on port 4455, for this computer only', async () => {
    expect(await open().port.serverStatus()).toEqual({
      enabled: false,
      port: 4455,
      lan: false,
      addresses: [],
      problem: '',
    })
    expect(await readdir(directory)).toEqual([])
  })

  test('is remembered over a restart, also when it is switched off again', async () => {
    const first = open()
    const on = await first.port.setServer({ enabled: true, port: 0 })
    expect(on).toMatchObject({ enabled: true, lan: false, problem: '', addresses: [`ws://127.0.0.1:${on.port}`] })
    await settle(await connect(on.addresses[0]!))
    await first.close()
    await expect(connect(on.addresses[0]!)).rejects.toThrow('ECONNREFUSED')

    const second = open()
    expect(await second.port.serverStatus()).toEqual(on)
    await settle(await connect(on.addresses[0]!))
    expect(await second.port.setServer({ enabled: false })).toMatchObject({
      enabled: false,
      port: on.port,
      addresses: [],
    })
    await second.close()
    expect(await open().port.serverStatus()).toMatchObject({ enabled: false, port: on.port })
    expect((await stat(join(directory, 'signaling.json'))).mode & 0o777).toBe(0o600)
    expect(await readdir(directory)).toEqual(['signaling.json'])
  })

  test('names a taken port, remembers the wish, and works once another port is chosen', async () => {
    const { server } = await start()
    const service = open()
    const status = await service.port.setServer({ enabled: true, port: server.port })
    expect(status).toMatchObject({ enabled: true, port: server.port, problem: 'port-taken', addresses: [] })
    expect(await service.port.setServer({ enabled: true, port: 0 })).toMatchObject({ problem: '' })
  })

  test('serves the LAN only when asked', async () => {
    const service = open()
    const status = await service.port.setServer({ enabled: true, port: 0, lan: true })
    expect(status.lan).toBe(true)
    expect(status.addresses.at(-1)).toBe(`ws://127.0.0.1:${status.port}`)
    for (const address of status.addresses) await settle(await connect(address))
  })

  test('two switches at once end in the later one', async () => {
    const service = open()
    const [, last] = await Promise.all([
      service.port.setServer({ enabled: true, port: 0 }),
      service.port.setServer({ enabled: false }),
    ])
    expect(last).toMatchObject({ enabled: false, addresses: [] })
  })

  test.each(['{', '{"version":2}', '{"version":1,"enabled":true,"port":"x","lan":false}'])(
    'settings that say %s leave it off, with a line in the log and the file as it was',
    async (text) => {
      await writeFile(join(directory, 'signaling.json'), text)
      expect(await open().port.serverStatus()).toMatchObject({ enabled: false })
      expect(log).toHaveLength(1)
      expect(await readFile(join(directory, 'signaling.json'), 'utf8')).toBe(text)
    },
  )

  describe('the relay', () => {
    test('carries a conversation both ways, and a close both ways', async () => {
      const { url, server } = await start()
      const service = open()
      await host(service)
      const relayed = (await service.port.relay({ address: url })).url
      expect(relayed).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/relay\?token=[0-9a-f]{48}$/)
      expect((await service.port.relay({ address: url })).url).toBe(relayed)
      const [near, far] = [await connect(relayed), await connect(url)]
      for (const client of [near, far]) {
        client.say({ type: 'subscribe', topics: ['room'] })
        await settle(client)
      }
      near.say({ type: 'publish', topic: 'room', data: 'from near' })
      far.say({ type: 'publish', topic: 'room', data: 'from far' })
      await until(() => published(near).length === 2 && published(far).length === 2, 'both heard both')
      near.socket.close()
      await until(() => near.closeCode !== undefined, 'closed')
      far.say({ type: 'publish', topic: 'room', data: 'alone' })
      await until(() => JSON.stringify(far.got).includes('"alone","clients":1'), 'the far side saw the near one go')
      const again = await connect(relayed)
      await server.close()
      await until(() => again.closeCode !== undefined, 'the near side saw the server go')
    })

    test('a message the server refuses closes the near side with the same code', async () => {
      const { url } = await start()
      const service = open()
      await host(service)
      const near = await connect((await service.port.relay({ address: url })).url)
      near.say({ type: 'kill' })
      await until(() => near.closeCode !== undefined, 'closed')
      expect(near.closeCode).toBe(1003)
    })

    test('refuses tokens that were not given out, and a server that is not there, which may come later', async () => {
      const service = open()
      await host(service)
      const { url: known } = await service.port.relay({ address: 'ws://127.0.0.1:9/' })
      const base = known.split('?')[0]!
      for (const url of [
        base,
        `${base}?token=`,
        `${base}?token=${'0'.repeat(48)}`,
        `${base}?address=ws://127.0.0.1:9/`,
      ]) {
        await expect(connect(url)).rejects.toThrow('403')
      }
      await expect(connect(known)).rejects.toThrow('502')
      await expect(connect(known)).rejects.toThrow('502')
      expect(log).toEqual([expect.stringContaining('ws://127.0.0.1:9/ could not be reached')])
    })

    test('refuses what is no signalling address, and works only once its own is known', async () => {
      const service = open()
      await expect(service.port.relay({ address: 'ws://127.0.0.1:9/' })).rejects.toMatchObject({
        error: 'relay-not-ready',
      })
      await host(service)
      for (const address of [
        '',
        'x',
        'http://a.example',
        'file:///etc/passwd',
        'ws://user:pass@a.example',
        'ws://a/#b',
      ]) {
        await expect(service.port.relay({ address })).rejects.toMatchObject({ error: 'bad-address' })
      }
      expect((await service.port.relay({ address: 'wss://signal.example/group' })).url).toContain('token=')
    })

    test('too many messages, or one too large, end the connection on both sides', async () => {
      const { url } = await start({ burst: 100_000, messagesPerSecond: 100_000 })
      const service = open()
      await host(service)
      const { url: relayed } = await service.port.relay({ address: url })
      const fast = await connect(relayed)
      for (let count = 0; count < 3000; count++) fast.say({ type: 'ping' })
      await until(() => fast.closeCode !== undefined, 'closed')
      expect(fast.closeCode).toBe(1008)
      const large = await connect(relayed)
      large.socket.on('error', () => undefined)
      large.say('x'.repeat(300_000))
      await until(() => large.closeCode !== undefined, 'closed')
      expect([1006, 1009]).toContain(large.closeCode)
    })
  })
})

async function run(...args: readonly string[]) {
  const bundle = await bundleForNode('electron/signaling-main.ts')
  atEnd(() => bundle.remove())
  const child = spawn(process.execPath, [bundle.file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', error: '', code: undefined as number | null | undefined }
  child.stdout.on('data', (data: Buffer) => (said.out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (said.error += data.toString()))
  child.on('exit', (code) => (said.code = code))
  atEnd(() => child.kill('SIGKILL'))
  return { child, said }
}

describe('by itself, as npm run signaling starts it', () => {
  test('serves, says where, and ends when asked', async () => {
    const { child, said } = await run('--port', '0', '--host', '127.0.0.1')
    await until(() => said.out.includes('ready'), 'ready')
    await settle(await connect(said.out.match(/ws:\/\/\S+/)![0]))
    child.kill('SIGTERM')
    await until(() => said.code !== undefined, 'ended')
    expect(said).toMatchObject({ code: 0, error: '' })
  })

  test('a taken port, and wrong words, get a sentence', async () => {
    const { server } = await start()
    const taken = await run('--port', String(server.port), '--host', '127.0.0.1')
    const wrong = await run('--prot', '1')
    await until(() => taken.said.code !== undefined && wrong.said.code !== undefined, 'ended')
    expect(taken.said).toMatchObject({
      code: 1,
      error: expect.stringContaining('Another program already uses this port'),
    })
    expect(wrong.said).toMatchObject({ code: 2, out: expect.stringContaining('What it sees') })
  })
})
