/** The editing trace: the real one where it is, else one of the same shape. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { TraceEdit } from './log-trace.ts'

export interface Trace {
  /** For the table: which one it is. */
  readonly name: string
  readonly edits: readonly TraceEdit[]
}

interface TraceFile {
  readonly txns: readonly { readonly patches: readonly TraceEdit[] }[]
}

const FULL = 259_778

/**
 * As a LaTeX paper comes about (the real trace's figures): keystroke by keystroke, three in ten take a letter away, mostly
 * just behind the cursor, and every fifty or so the cursor goes somewhere else. About 105,000 letters stay.
 */
export function generateTrace(count: number, seed = 1): readonly TraceEdit[] {
  let state = seed
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const letters = 'etaoin shrdlu cmfwyp vbgkqjxz \\{}\n'
  let length = 0
  let cursor = 0
  let burst = 0
  let deleting = false
  return Array.from({ length: count }, (): TraceEdit => {
    if (burst-- <= 0) {
      burst = random(12)
      deleting = random(10) < 3
      if (random(8) === 0) cursor = random(length + 1)
    }
    if (deleting && cursor > 0) {
      cursor -= 1
      length -= 1
      return [cursor, 1, '']
    }
    cursor += 1
    length += 1
    return [cursor - 1, 0, letters[random(letters.length)] ?? ' ']
  })
}

/** TEATRAY_TRACE names a file of the form of automerge-paper.json.gz; `limit` cuts it. */
export function loadTrace(limit = FULL): Trace {
  const named = process.env['TEATRAY_TRACE']
  const usual = resolve(import.meta.dirname, '../../../shared/data/editing-trace-automerge-paper.json.gz')
  const path = named ?? (existsSync(usual) ? usual : undefined)
  if (path === undefined) return { name: 'generated, seed 1', edits: generateTrace(Math.min(limit, FULL)) }
  const bytes = readFileSync(path)
  const file = JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as TraceFile
  return { name: 'automerge-paper', edits: file.txns.flatMap(({ patches }) => patches).slice(0, limit) }
}
