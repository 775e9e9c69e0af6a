import { expect, test } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import type { LocalValues } from '../../shared/model/contexts.ts'
import { laterOf, readLastRoute, writeLastRoute } from './last-route.ts'

function memory(): LocalValues {
  const values = new Map<string, Uint8Array>()
  return {
    get: async (name) => values.get(name),
    set: async (name, value) => {
      values.set(name, value)
    },
  }
}

test('what is written is read back', async () => {
  const local = memory()
  await writeLastRoute(local, { path: '/papers/1', title: 'Terms of reference', at: 5 })
  expect(await readLastRoute(local)).toEqual({ path: '/papers/1', title: 'Terms of reference', at: 5 })
})

test.each([
  ['nothing stored', undefined],
  ['not JSON', '{'],
  ['another shape', '{"path":7}'],
  ['not a path', '{"path":"http://x","title":"","at":1}'],
])('%s means starting at Today', async (_, stored) => {
  const local = memory()
  if (stored !== undefined) await local.set('last-route', utf8(stored))
  expect(await readLastRoute(local)).toBeUndefined()
})

test('the later of two places wins', () => {
  const early = { path: '/a', title: 'A', at: 1 }
  const late = { path: '/b', title: 'B', at: 2 }
  expect(laterOf(early, late)).toBe(late)
  expect(laterOf(late, early)).toBe(late)
  expect(laterOf(undefined, early)).toBe(early)
  expect(laterOf(early, undefined)).toBe(early)
})
