/** What every HostLink must do. `makePair` opens one and hands over both ends; the first is the window's. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createBackupsService } from '../../electron/services/backups/index.ts'
import { createKeychainService } from '../../electron/services/keychain/index.ts'
import { keychainOf } from '../../electron/shell/safe-storage.ts'
import type { HostLink } from '../../shared/host/host-link.ts'
import type { HostPorts } from '../../shared/host/ports.ts'
import { createHostClient, serveHost } from '../../shared/host/rpc.ts'
import { MAX_BACKUP_PART } from '../../shared/host/schemas.ts'
import { createFakeSafeStorage } from '../fixtures/safe-storage.ts'

export interface LinkPair {
  readonly window: HostLink
  readonly host: HostLink
  dispose(): Promise<void>
}

export function hostLinkContract(name: string, makePair: () => Promise<LinkPair>): void {
  describe(`host link: ${name}`, () => {
    const pairs: LinkPair[] = []
    const open = async (): Promise<LinkPair> => {
      const pair = await makePair()
      pairs.push(pair)
      return pair
    }
    afterEach(async () => {
      for (const pair of pairs.splice(0)) await pair.dispose()
    })

    const directions = [
      ['window to host', (pair: LinkPair) => [pair.window, pair.host] as const],
      ['host to window', (pair: LinkPair) => [pair.host, pair.window] as const],
    ] as const

    describe.each(directions)('%s', (_direction, ends) => {
      test('carries messages whole and in order', async () => {
        const [from, to] = ends(await open())
        const sizes = [0, 1, 65_536, 3, 4 * 1024 * 1024, 2]
        const seen: Uint8Array[] = []
        const all = new Promise<void>((resolve) => {
          to.onMessage((message) => {
            seen.push(message)
            if (seen.length === sizes.length) resolve()
          })
        })
        for (const [index, size] of sizes.entries()) from.send(new Uint8Array(size).fill(index + 1))
        await all
        expect(seen.map((message) => message.length)).toEqual(sizes)
        expect(seen.every((message, index) => message.every((byte) => byte === index + 1))).toBe(true)
        expect(seen.every((message) => message instanceof Uint8Array)).toBe(true)
      })

      test('carries only the part of a buffer that a view shows', async () => {
        const [from, to] = ends(await open())
        const message = new Promise<Uint8Array>((resolve) => to.onMessage(resolve))
        from.send(new Uint8Array([9, 1, 2, 9]).subarray(1, 3))
        expect([...(await message)]).toEqual([1, 2])
      })

      test('keeps what comes before there is a handler', async () => {
        const [from, to] = ends(await open())
        from.send(new Uint8Array([1]))
        from.send(new Uint8Array([2]))
        await new Promise((resolve) => setTimeout(resolve, 50))
        const seen: number[] = []
        to.onMessage(([byte]) => seen.push(byte ?? 0))
        from.send(new Uint8Array([3]))
        await expect.poll(() => seen).toEqual([1, 2, 3])
      })

      test('tells both ends of a close, once, and sends nothing after it', async () => {
        const [from, to] = ends(await open())
        let closes = 0
        let messages = 0
        from.onClose(() => closes++)
        to.onClose(() => closes++)
        to.onMessage(() => messages++)
        from.close()
        await expect.poll(() => closes).toBe(2)
        from.close()
        to.close()
        from.send(new Uint8Array([1]))
        to.send(new Uint8Array([1]))
        let late = 0
        from.onClose(() => late++)
        to.onClose(() => late++)
        await new Promise((resolve) => setTimeout(resolve, 20))
        expect([closes, late, messages]).toEqual([2, 2, 0])
      })
    })

    describe('a key for the system to keep, over it', () => {
      const id = '0123456789abcdef'.repeat(2)
      const key = Uint8Array.from({ length: 32 }, (_, index) => index)
      const openKeychain = async () => {
        const { window, host } = await open()
        const profileDirectory = await mkdtemp(join(tmpdir(), 'teatray-contract-'))
        const { system, safeStorage } = createFakeSafeStorage()
        const options = { profileDirectory, system: keychainOf(safeStorage, 'linux'), log: () => {} }
        serveHost(host, { keychain: createKeychainService(options) } as HostPorts, () => () => {})
        const { keychain } = createHostClient(window).ports
        return { keychain, system, dispose: () => rm(profileDirectory, { recursive: true }) }
      }

      test('is handed over and given back as it was, until it is forgotten', async () => {
        const { keychain, dispose } = await openKeychain()
        expect(await keychain.status()).toEqual({ state: 'strong' })
        expect(await keychain.keep({ id, key })).toBeUndefined()
        expect(await keychain.check({ id })).toBeUndefined()
        expect(await keychain.give({ id })).toEqual({ key })
        expect(await keychain.forget({ except: [id] })).toBeUndefined()
        expect(await keychain.give({ id })).toEqual({ key })
        expect(await keychain.forget({ except: [] })).toBeUndefined()
        await expect(keychain.give({ id })).rejects.toMatchObject({ error: 'not-kept' })
        await dispose()
      })

      test('is refused by name, and by its shape before it leaves', async () => {
        const { keychain, system, dispose } = await openKeychain()
        for (const odd of [
          { id: '../0123456789abcdef0123456789abc', key },
          { id: id.toUpperCase(), key },
          { id, key: key.subarray(1) },
        ])
          await expect(keychain.keep(odd)).rejects.toMatchObject({ error: 'bad-parameters' })
        await expect(keychain.forget({ except: Array(17).fill(id) })).rejects.toMatchObject({ error: 'bad-parameters' })
        system.store = false
        await expect(keychain.keep({ id, key })).rejects.toMatchObject({ error: 'keychain-weak' })
        system.available = false
        await expect(keychain.keep({ id, key })).rejects.toMatchObject({ error: 'keychain-unavailable' })
        await dispose()
      })
    })

    describe('a backup over it', () => {
      const SERIES = '0123abcd'
      const openBackups = async () => {
        const { window, host } = await open()
        const root = await mkdtemp(join(tmpdir(), 'teatray-contract-'))
        const [profile, folder] = [join(root, 'profile'), join(root, 'kept')]
        await mkdir(profile)
        await mkdir(folder)
        const service = createBackupsService({ profileDirectory: profile, clock: { now: () => 1e12 }, log: () => {} })
        serveHost(host, { backups: service.port } as HostPorts, () => () => {})
        const { backups } = createHostClient(window).ports
        return { backups, folder, dispose: () => rm(root, { recursive: true }) }
      }

      test('is written in parts, and read back as it was', async () => {
        const { backups, folder, dispose } = await openBackups()
        const { id } = await backups.begin({ folder, series: SERIES })
        for (let part = 0; part < 5; part++)
          await backups.append({ id, bytes: new Uint8Array(MAX_BACKUP_PART).fill(part) })
        const { name, bytes } = await backups.commit({ id })
        expect(bytes).toBe(5 * MAX_BACKUP_PART)
        const across = await backups.read({ folder, name, offset: 3 * MAX_BACKUP_PART - 1, length: MAX_BACKUP_PART })
        expect([across.bytes.length, across.bytes[0], across.bytes[1]]).toEqual([MAX_BACKUP_PART, 2, 3])
        expect(await backups.list({ folder, series: SERIES })).toEqual([{ name, madeAt: 1e12, bytes }])
        await dispose()
      })

      test('that is refused keeps its name on the way', async () => {
        const { backups, folder, dispose } = await openBackups()
        const begin = { folder: join(folder, 'nowhere'), series: SERIES }
        await expect(backups.begin(begin)).rejects.toMatchObject({ error: 'folder-missing' })
        await expect(backups.append({ id: 'none', bytes: new Uint8Array(1) })).rejects.toMatchObject({
          error: 'not-begun',
        })
        await expect(backups.chooseFolder()).rejects.toMatchObject({ error: 'not-available' })
        const { id } = await backups.begin({ folder, series: SERIES })
        await expect(backups.append({ id, bytes: new Uint8Array(MAX_BACKUP_PART + 1) })).rejects.toMatchObject({
          error: 'bad-parameters',
        })
        await backups.abort({ id })
        expect(await readdir(folder)).toEqual([])
        await dispose()
      })
    })
  })
}
