import fc from 'fast-check'
import * as encoding from 'lib0/encoding'
import { describe, expect, test } from 'vitest'
import { emptyBackups } from '../../tests/fixtures/backups-port.ts'
import { emptyKeychain } from '../../tests/fixtures/keychain-port.ts'
import { decodeEnvelope, encodeEnvelope } from './envelope.ts'
import { HostError } from './errors.ts'
import { createMemoryLinks } from './memory-link.ts'
import type { HostEvent, HostPorts } from './ports.ts'
import { createHostClient, serveHost } from './rpc.ts'
import type { RpcRefusal } from './rpc.ts'
import { MAX_HOST_MESSAGE } from './schemas.ts'

const status = { enabled: true, port: 4444, lan: false, addresses: ['ws://127.0.0.1:4444'], problem: '' }

function ports(overrides: Partial<HostPorts> = {}): HostPorts {
  return {
    info: { get: async () => ({ kind: 'browser', appVersion: '1', platform: 'linux', profileDirectory: '/p' }) },
    lan: { join: async () => {}, leave: async () => {}, send: async () => {}, closeLink: async () => {} },
    signaling: {
      serverStatus: async () => status,
      setServer: async () => status,
      relay: async ({ address }) => ({ url: address }),
    },
    storage: { space: async () => ({ freeBytes: 5e12, low: false }) },
    backups: emptyBackups(),
    files: { waiting: async () => [], read: async () => ({ bytes: new Uint8Array() }), done: async () => undefined },
    profile: { remembered: async () => ({}), remember: async () => undefined, wipe: async () => undefined },
    keychain: emptyKeychain(),
    ...overrides,
  }
}

function setup(overrides: Partial<HostPorts> = {}) {
  const [page, host] = createMemoryLinks()
  const refusals: RpcRefusal[] = []
  const listeners = new Set<(event: HostEvent) => void>()
  serveHost(
    host,
    ports(overrides),
    (handler) => {
      listeners.add(handler)
      return () => listeners.delete(handler)
    },
    (refusal) => refusals.push(refusal),
  )
  const pageRefusals: RpcRefusal[] = []
  const client = createHostClient(page, (refusal) => pageRefusals.push(refusal))
  const emit = (event: HostEvent) => listeners.forEach((listener) => listener(event))
  return { page, host, client, refusals, pageRefusals, listeners, emit }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5))
const raw = (value: unknown) => {
  const encoder = encoding.createEncoder()
  encoding.writeAny(encoder, value as encoding.AnyEncodable)
  return encoding.toUint8Array(encoder)
}

describe('calls', () => {
  test('every method reaches its port and comes back', async () => {
    const { client, refusals } = setup()
    const key = new Uint8Array(32)
    expect(await client.ports.info.get()).toEqual({
      kind: 'browser',
      appVersion: '1',
      platform: 'linux',
      profileDirectory: '/p',
    })
    expect(await client.ports.lan.join({ roomId: 'r', key })).toBeUndefined()
    expect(await client.ports.lan.leave({ roomId: 'r' })).toBeUndefined()
    expect(await client.ports.lan.send({ linkId: 'l', frame: new Uint8Array(65536) })).toBeUndefined()
    expect(await client.ports.lan.closeLink({ linkId: 'l' })).toBeUndefined()
    expect(await client.ports.signaling.serverStatus()).toEqual(status)
    expect(await client.ports.signaling.setServer({ enabled: true })).toEqual(status)
    expect(await client.ports.signaling.setServer({ enabled: true, port: 1, lan: true })).toEqual(status)
    expect(await client.ports.signaling.relay({ address: 'wss://x' })).toEqual({ url: 'wss://x' })
    expect(await client.ports.storage.space()).toEqual({ freeBytes: 5e12, low: false })
    const { backups, keychain } = client.ports
    const wrapper = '0123456789abcdef'.repeat(2)
    expect(await keychain.status()).toEqual({ state: 'not-here' })
    expect(await keychain.forget({ except: [wrapper] })).toBeUndefined()
    for (const call of [
      keychain.keep({ id: wrapper, key }),
      keychain.check({ id: wrapper }),
      keychain.give({ id: wrapper }),
    ])
      await expect(call).rejects.toMatchObject({ error: 'not-here' })
    const [folder, series, name] = ['/kept', '0123abcd', 'one']
    expect(await backups.suggestFolder()).toMatchObject({ canChoose: true })
    expect(await backups.chooseFolder()).toEqual({ folder: '' })
    expect(await backups.checkFolder({ folder, create: false })).toMatchObject({ sameDisk: true })
    expect(await backups.begin({ folder, series })).toEqual({ id: 'b' })
    expect(await backups.append({ id: 'b', bytes: new Uint8Array(1024 * 1024) })).toBeUndefined()
    expect(await backups.commit({ id: 'b' })).toMatchObject({ bytes: 3 })
    expect(await backups.abort({ id: 'b' })).toBeUndefined()
    expect(await backups.list({ folder, series })).toHaveLength(1)
    expect(await backups.read({ folder, name, offset: 0, length: 3 })).toEqual({ bytes: new Uint8Array(3) })
    expect(await backups.remove({ folder, name })).toBeUndefined()
    expect(await backups.tidy({ folder, series, made: name })).toEqual({ removed: 0 })
    expect(refusals).toEqual([])
  })

  test('answers find their own question, whatever the order', async () => {
    const gates = new Map<string, () => void>()
    const { client } = setup({
      signaling: {
        ...ports().signaling,
        relay: ({ address }) => new Promise((resolve) => gates.set(address, () => resolve({ url: `${address}!` }))),
      },
    })
    const asked = ['a', 'b', 'c'].map((address) => client.ports.signaling.relay({ address }))
    await settled()
    for (const address of ['c', 'a', 'b']) gates.get(address)?.()
    expect(await Promise.all(asked)).toEqual([{ url: 'a!' }, { url: 'b!' }, { url: 'c!' }])
  })

  test.each([
    [new HostError('link-closed', 'gone'), { error: 'link-closed', detail: 'gone' }],
    [new Error('link-closed'), { error: 'link-closed', detail: '' }],
    [new Error('Something broke'), { error: 'host-failed', detail: 'Something broke' }],
    ['text', { error: 'host-failed', detail: 'text' }],
  ])('a port that rejects with %s crosses as a named error', async (thrown, expected) => {
    const { client } = setup({ storage: { space: () => Promise.reject(thrown) } })
    await expect(client.ports.storage.space()).rejects.toMatchObject({ name: 'HostError', ...expected })
  })

  test('parameters are refused before they leave the page', async () => {
    const { client } = setup()
    const wrong = [
      client.ports.lan.join({ roomId: 'r', key: new Uint8Array(31) }),
      client.ports.lan.join({ roomId: '', key: new Uint8Array(32) }),
      client.ports.lan.send({ linkId: 'l', frame: new Uint8Array(65537) }),
      client.ports.lan.send({ linkId: 'l', frame: new Uint8Array(0) }),
      client.ports.signaling.setServer({ enabled: true, port: 65536 }),
    ]
    for (const call of wrong) await expect(call).rejects.toMatchObject({ error: 'bad-parameters' })
  })

  test('a result of the wrong shape is refused by the host', async () => {
    const { client, refusals } = setup({ storage: { space: async () => ({ freeBytes: -1, low: false }) } })
    await expect(client.ports.storage.space()).rejects.toMatchObject({ error: 'bad-result' })
    expect(refusals).toEqual(['bad-result'])
  })

  test('calls under way and later ones reject when the host is gone', async () => {
    const { client, host } = setup({ storage: { space: () => new Promise(() => {}) } })
    const pending = client.ports.storage.space()
    let closed = 0
    client.onClose(() => closed++)
    host.close()
    await expect(pending).rejects.toMatchObject({ error: 'host-closed' })
    await expect(client.ports.info.get()).rejects.toMatchObject({ error: 'host-closed' })
    client.onClose(() => closed++)
    expect(closed).toBe(2)
  })
})

describe('what the host refuses', () => {
  test.each<[string, Uint8Array, RpcRefusal]>([
    ['nothing', new Uint8Array(0), 'malformed-message'],
    ['garbage', new Uint8Array([1, 2, 3]), 'malformed-message'],
    ['too much', new Uint8Array(MAX_HOST_MESSAGE + 1), 'message-too-large'],
    ['bytes after the end', new Uint8Array([...raw(['q', 0, 'info.get', undefined]), 0]), 'malformed-message'],
    ['an unknown kind', raw(['z', 0]), 'malformed-message'],
    ['a negative id', raw(['q', -1, 'info.get', undefined]), 'malformed-message'],
    ['an answer', raw(['r', 0, 1]), 'unexpected-message'],
    ['an event', raw(['e', { type: 'show-yourself' }]), 'unexpected-message'],
    ['a method that is not there', raw(['q', 0, 'fs.readFile', '/etc/passwd']), 'unknown-method'],
    ['a method of every object', raw(['q', 0, 'constructor', undefined]), 'unknown-method'],
    ['wrong parameters', raw(['q', 0, 'lan.join', { roomId: 7 }]), 'bad-parameters'],
    ['one parameter more', raw(['q', 0, 'lan.leave', { roomId: 'r', also: 1 }]), 'bad-parameters'],
  ])('%s, by name, and goes on', async (_name, bytes, refusal) => {
    const { page, client, refusals } = setup()
    page.send(bytes)
    await settled()
    expect(refusals).toEqual([refusal])
    expect(await client.ports.storage.space()).toEqual({ freeBytes: 5e12, low: false })
  })

  test('a byte string that claims more than its message shows no other memory', () => {
    const pool = new Uint8Array(64).fill(0x2a)
    // Type 116 (bytes) with a length of 32, in a message of four bytes inside a larger buffer.
    pool.set([116, 32, 1, 2], 8)
    expect(decodeEnvelope(pool.subarray(8, 12))).toMatchObject({ ok: false, error: 'malformed-message' })
  })

  test('nesting without end is refused, not thrown', () => {
    const deep = new Uint8Array(2_000_000)
    for (let index = 0; index < deep.length; index += 2) deep.set([117, 1], index)
    expect(decodeEnvelope(deep)).toMatchObject({ ok: false, error: 'malformed-message' })
  })

  test('any bytes at all', () => {
    const verdicts = new Set<string>()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const decoded = decodeEnvelope(bytes)
        verdicts.add(decoded.ok ? 'ok' : decoded.error)
      }),
    )
    expect([...verdicts].filter((verdict) => verdict !== 'ok')).toEqual(['malformed-message'])
  })
})

describe('events', () => {
  const frame = new Uint8Array([1, 2, 3])

  test('come in order, those before the first handler included', async () => {
    const { client, emit } = setup()
    emit({ type: 'lan-link', roomId: 'r', linkId: 'l', initiator: true })
    emit({ type: 'lan-frame', linkId: 'l', frame })
    await settled()
    const seen: HostEvent[] = []
    const stop = client.onEvent((event) => seen.push(event))
    emit({ type: 'lan-closed', linkId: 'l', reason: 'over' })
    await settled()
    stop()
    emit({ type: 'show-yourself' })
    await settled()
    expect(seen.map(({ type }) => type)).toEqual(['lan-link', 'lan-frame', 'lan-closed'])
    expect(seen[1]).toEqual({ type: 'lan-frame', linkId: 'l', frame })
  })

  test('of the wrong shape stay in the host', async () => {
    const { client, emit, refusals } = setup()
    const seen: HostEvent[] = []
    client.onEvent((event) => seen.push(event))
    emit({ type: 'lan-frame', linkId: 'l', frame: new Uint8Array(70_000) })
    await settled()
    expect([seen, refusals]).toEqual([[], ['bad-event']])
  })

  test('a handler that throws keeps none from the others', async () => {
    const { client, emit, pageRefusals } = setup()
    const seen: HostEvent[] = []
    client.onEvent(() => {
      throw new Error('in a handler')
    })
    client.onEvent((event) => seen.push(event))
    emit({ type: 'show-yourself' })
    await settled()
    expect([seen.length, pageRefusals]).toEqual([1, ['handler-failed']])
  })

  test('stop when the page is gone', async () => {
    const { page, listeners } = setup()
    expect(listeners.size).toBe(1)
    page.close()
    await settled()
    expect(listeners.size).toBe(0)
  })
})

describe('what the page refuses', () => {
  test.each<[string, unknown, RpcRefusal]>([
    ['a request', ['q', 0, 'info.get', undefined], 'unexpected-message'],
    ['an answer to nothing', ['r', 99, 1], 'unexpected-message'],
    ['an unknown event', ['e', { type: 'format-disk' }], 'bad-event'],
    ['garbage', 7, 'malformed-message'],
  ])('%s', async (_name, value, refusal) => {
    const { host, pageRefusals } = setup()
    host.send(raw(value))
    await settled()
    expect(pageRefusals).toEqual([refusal])
  })

  test('a result of the wrong shape', async () => {
    const [page, host] = createMemoryLinks()
    host.onMessage(() => host.send(raw(['r', 0, { freeBytes: 'many' }])))
    const client = createHostClient(page)
    await expect(client.ports.storage.space()).rejects.toMatchObject({ error: 'bad-result' })
  })
})

test('every envelope comes back as it was sent', () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
    fc.boolean(),
    fc.constant(undefined),
    fc.constant(null),
    fc.uint8Array({ maxLength: 64 }),
  )
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.string({ maxLength: 8 }).filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }))
  fc.assert(
    fc.property(fc.nat(), fc.string({ maxLength: 64 }), value, (id, method, params) => {
      const message = { kind: 'request' as const, id, method, params }
      const encoded = encodeEnvelope(message)
      if (!encoded.ok) throw new Error(encoded.error)
      expect(decodeEnvelope(encoded.value)).toEqual({ ok: true, value: message })
    }),
  )
})
