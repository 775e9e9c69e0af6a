import { createMemoryStore } from '../../shared/sync/memory-store.ts'
import { describeStore } from './store.contract.ts'

describeStore('memory', () => {
  const store = createMemoryStore()
  return Promise.resolve({
    store,
    reopen: () => Promise.resolve(store.copy()),
    failNextWrite: () => store.failNextWrite(),
  })
})
