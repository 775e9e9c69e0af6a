/**
 * How often this installation was opened, as the window's own storage has it: beside the keyring, so that it comes and goes with all the
 * rest. The host keeps the same outside of that storage.
 */
import * as v from 'valibot'
import { ok, type Result } from '../../shared/base/errors.ts'
import { withDatabase } from './stored.ts'

export interface Generation {
  /** 32 hexadecimal digits; drawn anew wherever the storage is another one than was expected. */
  readonly mark: string
  readonly generation: number
}

const ROW = 'generation'
const schema = v.object({
  mark: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  generation: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
})

/** Undefined where none was written, or where it cannot be understood. */
export const readGeneration = (): Promise<Result<Generation | undefined, 'storage-failed' | 'newer-version'>> =>
  withDatabase({}, async (database) => {
    const row: unknown = await database.read((db) => db.table('keyring').get(ROW))
    const parsed = v.safeParse(schema, row)
    return ok(parsed.success ? parsed.output : undefined)
  })

export const writeGeneration = (
  generation: Generation | undefined,
): Promise<Result<void, 'storage-failed' | 'newer-version'>> =>
  withDatabase({}, async (database) => {
    await database.write('strict', (db) =>
      generation === undefined
        ? db.table('keyring').delete(ROW)
        : db.table('keyring').put({ id: ROW, mark: generation.mark, generation: generation.generation }),
    )
    return ok(undefined)
  })
