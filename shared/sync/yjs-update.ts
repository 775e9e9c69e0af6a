/** What is checked of a Yjs update (format V2) before it may touch a document or the store. */
import * as Y from 'yjs'
import { fail, ok, type Result } from '../base/errors.ts'
import { describeThrown } from '../base/errors.ts'

/** Run-length columns let a few bytes claim any number of structs, so the number is bounded by itself. */
export const MAX_STRUCTS = 1_000_000

export interface DeletedRange {
  readonly client: number
  readonly clock: number
  readonly length: number
}

export interface UpdateSummary {
  readonly structs: number
  /** What it deletes, whoever wrote that. */
  readonly deletes: readonly DeletedRange[]
}

class TooManyStructs extends Error {}

class BoundedDecoder extends Y.UpdateDecoderV2 {
  left = MAX_STRUCTS
  override readInfo(): number {
    if (this.left-- <= 0) throw new TooManyStructs('structs')
    return super.readInfo()
  }
}

/**
 * True where a struct names a place of its own client that is not before it. Yjs never writes that, and looks such places up
 * without asking whether they are there: applying it throws, at every opening of the document.
 */
function pointsAhead(struct: Y.Item | Y.GC | Y.Skip): boolean {
  if (!(struct instanceof Y.Item)) return false
  const { client, clock } = struct.id
  return [struct.origin, struct.rightOrigin, struct.parent].some(
    (named) => named instanceof Y.ID && named.client === client && named.clock >= clock,
  )
}

const rangesOf = (deletes: ReturnType<typeof Y.decodeUpdateV2>['ds']): DeletedRange[] =>
  [...deletes.clients].flatMap(([client, items]) => items.map(({ clock, len }) => ({ client, clock, length: len })))

/** Decodes all of it, as applying it would; `client` is the only Yjs client that may have written structs in it. */
export function inspectUpdate(
  update: Uint8Array,
  client: number,
): Result<UpdateSummary, 'bad-update' | 'foreign-client'> {
  try {
    const { structs, ds } = Y.decodeUpdateV2(update, BoundedDecoder)
    // A Skip stands for structs that are in another update; it writes nothing.
    const foreign = structs.find((struct) => struct.id.client !== client && !(struct instanceof Y.Skip))
    if (foreign !== undefined) return fail('foreign-client', `client ${foreign.id.client}`)
    const ahead = structs.find(pointsAhead)
    if (ahead !== undefined) return fail('bad-update', `clock ${ahead.id.clock} points ahead`)
    const deletes = rangesOf(ds)
    // Beyond 53 bits sums are rounded, and what was written would not read back the same.
    const far = deletes.find(({ clock, length }) => !Number.isSafeInteger(clock + length))
    if (far !== undefined) return fail('bad-update', `deletes clock ${far.clock}`)
    return ok({ structs: structs.length, deletes })
  } catch (thrown) {
    return fail('bad-update', describeThrown(thrown))
  }
}

/** For updates that were inspected when they arrived. */
export const deletesOf = (update: Uint8Array): readonly DeletedRange[] => rangesOf(Y.decodeUpdateV2(update).ds)

export const mergeAll = (updates: readonly Uint8Array[]): Uint8Array =>
  updates.length === 1 && updates[0] !== undefined ? updates[0] : Y.mergeUpdatesV2([...updates])
