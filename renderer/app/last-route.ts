/** Where the person was: kept sealed, on this computer only, so that the app reopens at the same place. */
import * as v from 'valibot'
import type { LocalValues } from '../../shared/model/contexts.ts'
import { fromUtf8, utf8 } from '../../shared/base/bytes.ts'

const NAME = 'last-route'

const Place = v.object({
  path: v.pipe(v.string(), v.startsWith('/'), v.maxLength(500)),
  title: v.pipe(v.string(), v.maxLength(500)),
  at: v.number(),
})

// `work`: the last thing opened (a paper, say), kept while the person looks at lists, for "You were at ...".
const Schema = v.object({ ...Place.entries, work: v.optional(Place) })

export type Place = v.InferOutput<typeof Place>
export interface LastRoute extends Place {
  readonly work?: Place | undefined
}

/** '/papers/123' is work, '/papers' is a list. */
export const isWork = (path: string): boolean => path.split('/').length > 2

export const writeLastRoute = (local: LocalValues, route: LastRoute): Promise<void> =>
  local.set(NAME, utf8(JSON.stringify(route)))

/** Undefined where there is none or it cannot be read: then the app opens at Today. */
export async function readLastRoute(local: LocalValues): Promise<LastRoute | undefined> {
  const stored = await local.get(NAME)
  if (stored === undefined) return undefined
  try {
    const parsed = v.safeParse(Schema, JSON.parse(fromUtf8(stored)))
    return parsed.success ? parsed.output : undefined
  } catch {
    // Bytes of another version or damaged: worth no more than starting at Today.
    return undefined
  }
}

export const laterOf = (a: LastRoute | undefined, b: LastRoute | undefined): LastRoute | undefined =>
  a === undefined || (b !== undefined && b.at > a.at) ? b : a
