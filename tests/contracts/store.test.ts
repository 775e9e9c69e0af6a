/** The Dexie store under the contract, over fake-indexeddb; tests/browser runs the same contract's essentials in Chromium. */
import 'fake-indexeddb/auto'
import { randomBytes } from '../../shared/base/bytes.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import { openStore, type Store } from '../../renderer/store/store.ts'
import { describeStore } from './store.contract.ts'

const circle = 'c'.repeat(32) as CircleId
let databases = 0

async function openOrThrow(name: string, rootKey: Uint8Array): Promise<Store> {
  const opened = await openStore({ name, rootKey })
  if (!opened.ok) throw new Error(opened.error)
  return opened.value
}

describeStore('Dexie over fake-indexeddb', async () => {
  const name = `store-contract-${++databases}`
  const rootKey = randomBytes(32)
  let store = await openOrThrow(name, rootKey)
  return {
    store: store.circle(circle),
    async reopen() {
      await store.close()
      store = await openOrThrow(name, rootKey)
      return store.circle(circle)
    },
    failNextWrite() {
      const put = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put') ?? {}
      IDBObjectStore.prototype.put = () => {
        Object.defineProperty(IDBObjectStore.prototype, 'put', put)
        throw new DOMException('The disk is full.', 'QuotaExceededError')
      }
    },
    close: () => store.close(),
  }
})
