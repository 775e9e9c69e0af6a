/** A CircleStore in Node whose every call runs in the page, so that the contract of stores can be put to a real browser. */
import type { Page } from 'playwright-core'
import type { Bytes } from '../../shared/base/bytes.ts'
import { StoreStopped, type CircleStore } from '../../shared/sync/store.ts'
import { fromText, toText } from './bytes-as-text.ts'

export function remoteStore(page: () => Page): CircleStore {
  const call =
    (method: keyof CircleStore) =>
    async (...args: readonly unknown[]): Promise<never> => {
      const request = [method, toText(args)] as const
      const { text, stopped } = await page().evaluate(([name, args]) => window.atRest.callStore(name, args), request)
      if (stopped) throw new StoreStopped(text)
      // As the contract checks what comes back, it is not checked here too.
      return fromText(text) as never
    }
  return {
    records: call('records'),
    putRecords: call('putRecords'),
    index: call('index'),
    lastSeq: call('lastSeq'),
    entries: call('entries'),
    putEntries: call('putEntries'),
    snapshot: call('snapshot'),
    putSnapshot: call('putSnapshot'),
    value: call('value'),
    // JSON has no undefined in a list.
    values: async (keys) =>
      ((await call('values')(keys)) as readonly (Bytes | null)[]).map((value) => value ?? undefined),
    setValue: call('setValue'),
  }
}
