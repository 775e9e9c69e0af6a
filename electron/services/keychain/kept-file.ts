/** One file for each wrapper: bytes that only the system's own store of secrets opens. */
import * as v from 'valibot'

/** `id`: 32 hexadecimal digits. */
export const keptName = (id: string): string => `keychain-${id}.json`

/** Also what is left of one that was being written when the host was killed. */
const KEPT = /^keychain-([0-9a-f]{32})\.json(?:\.\d+\.tmp)?$/

/** Undefined: a file of something else. */
export const wrapperOf = (name: string): string | undefined => KEPT.exec(name)?.[1]

/** Ours are a few hundred bytes long. */
export const MOST_KEPT = 16 * 1024

const keptFile = v.object({
  version: v.literal(1),
  sealed: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{2})+$/)),
})

export const encodeKept = (sealed: Uint8Array): Uint8Array =>
  Buffer.from(`${JSON.stringify({ version: 1, sealed: Buffer.from(sealed).toString('hex') })}\n`)

/** Undefined: cut off, or not of this shape. */
export function decodeKept(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const parsed = v.safeParse(keptFile, JSON.parse(Buffer.from(bytes).toString('utf8')))
    return parsed.success ? Buffer.from(parsed.output.sealed, 'hex') : undefined
  } catch {
    // Not JSON: damaged like any other shape.
    return undefined
  }
}

/** What is sealed. It names its wrapper, so that a file under another's name opens nothing. */
export const keptText = (id: string, key: Uint8Array): string =>
  `teatray keychain 1 ${id} ${Buffer.from(key).toString('hex')}`

/** Undefined: the system gave back something else. */
export function keyIn(text: string, id: string): Uint8Array | undefined {
  const [, of, key] = /^teatray keychain 1 ([0-9a-f]{32}) ([0-9a-f]{64})$/.exec(text) ?? []
  return of === id && key !== undefined ? Uint8Array.from(Buffer.from(key, 'hex')) : undefined
}
