import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { randomBytes } from '../../shared/base/bytes.ts'
import { defaultSigner } from '../../shared/crypto/sign.ts'
import { createCircle } from '../../shared/membership/create.ts'
import { createDeviceSecrets } from '../../shared/membership/identity.ts'
import { openStore, type Store } from '../store/store.ts'
import { becomeComputer } from './become-computer.ts'
import { decodeMe, encodeMe } from './me.ts'
import { sortGroups } from './stored-circles.ts'

let stores = 0
async function setUp() {
  const signer = await defaultSigner()
  const rootKey = randomBytes(32)
  const name = `become-test-${++stores}`
  const open = async (): Promise<Store> => {
    const store = await openStore({ rootKey, name })
    if (!store.ok) throw new Error(store.error)
    return store.value
  }
  const before = { name: 'as set up', secrets: await createDeviceSecrets(signer) }
  const store = await open()
  await store.putIdentity(encodeMe(before))
  const secrets = await createDeviceSecrets(signer)
  const about = { secrets, circleName: 'Tuesday', founderName: 'Asha', now: 1_000, signer }
  const group = await createCircle({ ...about, kind: 'group' })
  const circle = await createCircle({ ...about, kind: 'circle', group: group.circle })
  return { store, open, before, received: { name: 'Asha', secrets, circles: [group, circle] } }
}

async function identityIn(store: Store): Promise<string> {
  const stored = await store.identity()
  if (!stored.ok || stored.value === undefined) throw new Error('no identity')
  const me = decodeMe(stored.value)
  if (!me.ok) throw new Error(me.error)
  return `${me.value.name} ${me.value.secrets.device}`
}

test('the new identity and the rows of all its circles are there together', async () => {
  const { store, open, received } = await setUp()
  const stored = await becomeComputer(store, received)
  await store.close()
  const again = await open()
  expect(await identityIn(again)).toBe(`Asha ${received.secrets.device}`)
  expect(sortGroups(await again.listCircles(), 0)).toEqual([stored])
  expect(stored.circles).toHaveLength(1)
  for (const { circle, records } of received.circles) expect(await again.circle(circle).records()).toEqual(records)
})

test.each([0, 1, 2])('cut off after %i writes, this computer is as it was', async (writes) => {
  const { store, open, before, received } = await setUp()
  let left = writes
  const cutOff =
    <Arguments extends readonly unknown[]>(write: (...args: Arguments) => Promise<void>) =>
    (...args: Arguments): Promise<void> => {
      left -= 1
      return left < 0 ? Promise.reject(new Error('cut off')) : write(...args)
    }
  const dying: Store = {
    ...store,
    putIdentity: cutOff((...args) => store.putIdentity(...args)),
    circle: (circle) => {
      const inner = store.circle(circle)
      return { ...inner, putRecords: cutOff((records) => inner.putRecords(records)) }
    },
  }
  await expect(becomeComputer(dying, received)).rejects.toThrow('cut off')
  await store.close()
  const again = await open()
  expect(await identityIn(again)).toBe(`as set up ${before.secrets.device}`)
  expect(await again.listCircles()).toEqual([])
  // And it may still become that computer, or found a group of its own.
  await becomeComputer(again, received)
  expect(await identityIn(again)).toBe(`Asha ${received.secrets.device}`)
})

test('where there is a group already nothing is changed', async () => {
  const { store, before, received } = await setUp()
  const [group] = received.circles
  await store.putCircle({ circle: group!.circle, bytes: new Uint8Array() })
  await expect(becomeComputer(store, received)).rejects.toThrow('a group here already')
  expect(await identityIn(store)).toBe(`as set up ${before.secrets.device}`)
})
