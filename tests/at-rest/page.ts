/** What the tests can ask of the page: keyring, store and vault as the app uses them, and stop-watches. */
import { randomBytes, toHex, utf8 } from '../../shared/base/bytes.ts'
import type { CircleId, DeviceId, DocumentId, HashId } from '../../shared/base/ids.ts'
import { argon2id, calibrate, LEAST_COST } from '../../renderer/keyring/argon2.ts'
import { changePassphrase, readKeyring, setUpKeyring, unlockKeyring } from '../../renderer/keyring/keyring.ts'
import { turnLog } from '../../renderer/at-rest/turn-log.ts'
import { acquireWindowLock } from '../../renderer/at-rest/window-lock.ts'
import { openStore, type Store } from '../../renderer/store/store.ts'
import { openVault, type Vault } from '../../renderer/vault/vault.ts'
import { StoreStopped, type CircleStore, type StoredEntry } from '../../shared/sync/store.ts'
import { fromText, toText } from './bytes-as-text.ts'

const circle = 'c'.repeat(32) as CircleId
const device = 'a'.repeat(32) as DeviceId
const note = 'b'.repeat(32) as DocumentId
const log = { device, incarnation: 0 }

const value = <Value>(result: { ok: true; value: Value } | { ok: false; error: string; detail?: string }): Value => {
  if (!result.ok) throw new Error(`${result.error} ${result.detail ?? ''}`)
  return result.value
}

const entry = (seq: number, bytes = randomBytes(1000)): StoredEntry => ({
  ...log,
  seq,
  from: seq,
  hash: toHex(randomBytes(32)) as HashId,
  document: note,
  bytes,
})

const report = (name: string, count: number): Promise<unknown> => fetch(`/report/${name}/${count}`)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

let store: Store
let vault: Vault

const api = {
  turnLog,
  async setUp(passphrase: string): Promise<string> {
    return toHex(value(await setUpKeyring({ passphrase, label: 'Ada', cost: LEAST_COST })))
  },
  async unlock(passphrase: string): Promise<string> {
    const result = await unlockKeyring({ passphrase })
    return result.ok ? toHex(result.value) : result.error
  },
  async label(): Promise<string | undefined> {
    return value(await readKeyring())?.label
  },
  async change(current: string, next: string): Promise<string> {
    const result = await changePassphrase({ current, next, cost: LEAST_COST })
    return result.ok ? 'changed' : result.error
  },
  /** Opens store and vault with the key of this passphrase. */
  async open(passphrase: string): Promise<void> {
    const rootKey = value(await unlockKeyring({ passphrase }))
    store = value(await openStore({ rootKey }))
    vault = value(await openVault({ rootKey }))
  },
  async close(): Promise<void> {
    await store.close()
    await vault.close()
  },
  /** A store by itself, under a key of no worth. */
  async openStoreAs(name: string): Promise<void> {
    store = value(await openStore({ name, rootKey: new Uint8Array(32) }))
  },
  closeStore: (): Promise<void> => store.close(),
  async callStore(method: keyof CircleStore, args: string): Promise<{ text: string; stopped: boolean }> {
    const call = store.circle(circle)[method] as (...args: unknown[]) => Promise<unknown>
    try {
      return { text: toText(await call(...(fromText(args) as unknown[]))), stopped: false }
    } catch (thrown) {
      if (thrown instanceof StoreStopped) return { text: thrown.message, stopped: true }
      throw thrown
    }
  },
  failNextWrite(): void {
    const put = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put') ?? {}
    IDBObjectStore.prototype.put = () => {
      Object.defineProperty(IDBObjectStore.prototype, 'put', put)
      throw new DOMException('The disk is full.', 'QuotaExceededError')
    }
  },
  async argon2(): Promise<{ milliseconds: number; longestPause: number }> {
    let last = performance.now()
    let longestPause = 0
    const tick = (): void => {
      const now = performance.now()
      longestPause = Math.max(longestPause, now - last)
      last = now
    }
    const timer = setInterval(tick, 5)
    const milliseconds = await timed(() => argon2id(utf8('passphrase'), new Uint8Array(16), LEAST_COST))
    clearInterval(timer)
    return { milliseconds, longestPause }
  },
  calibrate,
  /** Writes entries for ever, one by one, and reports each acknowledged seq to the server. */
  writeForEver(durability: 'strict' | 'relaxed'): void {
    const next = async (seq: number): Promise<void> => {
      await store.circle(circle).putEntries([entry(seq)], { durability })
      void report(durability, seq)
      return next(seq + 1)
    }
    void next(1)
  },
  /** Types a letter every 10 ms for ever; reports each length that flush called saved, and what was typed. */
  async typeForEver(): Promise<void> {
    const { doc, flush } = await vault.context.open(note)
    const text = doc.getText('text')
    setInterval(() => {
      text.insert(text.length, 'x')
      void report('typed', text.length)
    }, 10)
    vault.context.save.subscribe(() => {
      if (vault.context.save.get().state === 'saved') void report('saved', text.length)
    })
    setInterval(() => {
      const { length } = text
      void flush().then(() => report('flushed', length))
    }, 450)
  },
  async storedSeqs(): Promise<number[]> {
    return (await store.circle(circle).index()).map(({ seq }) => seq)
  },
  async noteText(): Promise<string> {
    const opened = await vault.context.open(note)
    return opened.doc.getText('text').toJSON()
  },
  /** The marker in every place that holds what people write. */
  async spread(marker: string): Promise<void> {
    const { doc, flush } = await vault.context.open(note)
    doc.getText('text').insert(0, marker)
    await flush()
    vault.context.records.getMap('note').set('title', marker)
    await vault.flush()
    await vault.context.local.set(marker, utf8(marker))
    const group = store.circle(circle)
    await group.putEntries([entry(1, utf8(marker))], { durability: 'strict' })
    await group.putRecords([{ hash: toHex(randomBytes(32)) as HashId, bytes: utf8(marker) }])
    await group.putSnapshot(note, utf8(marker))
    await group.setValue(marker, utf8(marker))
    await store.putIdentity(utf8(marker))
    await store.putCircle({ circle, bytes: utf8(marker) })
    await store.setValue(marker, utf8(marker))
  },
  /** An unsealed database beside the sealed ones: what looks for markers must find this one. */
  async writeUnsealed(marker: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.open('unsealed', 1)
      request.onupgradeneeded = () => request.result.createObjectStore('rows')
      request.onerror = () => reject(new Error('unsealed'))
      request.onsuccess = () => {
        const transaction = request.result.transaction('rows', 'readwrite', { durability: 'strict' })
        transaction.objectStore('rows').put({ text: marker, bytes: utf8(marker) }, 1)
        transaction.oncomplete = () => resolve()
      }
    })
  },
  async measure(): Promise<Record<string, number>> {
    const group = store.circle(circle)
    const alone = async (durability: 'strict' | 'relaxed', from: number): Promise<number> => {
      const all = await timed(async () => {
        for (let seq = from; seq < from + 200; seq++) await group.putEntries([entry(seq)], { durability })
      })
      return all / 200
    }
    const together = async (durability: 'strict' | 'relaxed', from: number): Promise<number> => {
      const batches = Array.from({ length: 48 }, (_, batch) =>
        Array.from({ length: 100 }, (_, index) => entry(from + batch * 100 + index)),
      )
      const all = await timed(async () => {
        for (const batch of batches) await group.putEntries(batch, { durability })
      })
      return all / 4800
    }
    const figures = {
      strictAlone: await alone('strict', 1),
      relaxedAlone: await alone('relaxed', 201),
      strictOf100: await together('strict', 401),
      relaxedOf100: await together('relaxed', 5201),
    }
    const index = await timed(() => group.index())
    const read = await timed(() => group.entries(log, 1, 10_000))
    const { length } = await group.index()
    return { ...figures, rows: length, indexMs: index, readAndOpenMs: read }
  },
  async measureNote(): Promise<Record<string, number>> {
    const { doc, flush } = await vault.context.open('e'.repeat(32) as DocumentId)
    const text = doc.getText('text')
    const flushes: number[] = []
    for (let edit = 0; edit < 100; edit++) {
      text.insert(text.length, 'one more word ')
      flushes.push(await timed(flush))
    }
    flushes.sort((a, b) => a - b)
    return { medianMs: flushes[50] ?? 0, slowestMs: flushes[99] ?? 0 }
  },
  async lockTwice(): Promise<readonly boolean[]> {
    const first = await acquireWindowLock('lab')
    const second = await acquireWindowLock('lab')
    first?.release()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const third = await acquireWindowLock('lab')
    third?.release()
    return [first, second, third].map((lock) => lock !== undefined)
  },
}

export type AtRestApi = typeof api

declare global {
  interface Window {
    atRest: AtRestApi
  }
}
window.atRest = api
