/**
 * A backup as one file. Everything in it is sealed already; this format makes it one whole that cannot be bent:
 *
 *   "teatray-backup 1\n"
 *   uint32 length, header (JSON in UTF-8)
 *   chunks: uint32 length, hash (32), payload
 *
 * Each hash is over the one before and the payload, the first one over all that comes before the chunks. A payload is a byte 1 and
 * rows of one table, or, in the last chunk, a byte 2, the number of chunks and rows before it, and a MAC over these and the hash
 * before it, under a key that only the root key gives. Nothing follows. Samples are kept in tests/fixtures/backup and opened by a test
 * for ever; the number in the first line changes only when an older program could not read the file.
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as v from 'valibot'
import { concat, equalBytes, fromUtf8, utf8, type Bytes } from '../../shared/base/bytes.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import { derive, hmacSha512 } from '../../shared/crypto/derive.ts'
import { hash } from '../../shared/crypto/hash.ts'

export const ARCHIVE_VERSION = 1
const FIRST_LINE = /^teatray-backup (\d{1,6})\n/
const MAX_FIRST_LINE = 32
const MAX_HEADER = 1024 * 1024
/** A row is never larger than a few megabytes; what claims more is no row of ours. */
const MAX_CHUNK = 256 * 1024 * 1024
const LENGTH = 4
const HASH = 32
const ROWS = 1
const END = 2

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const Header = v.object({
  /** Milliseconds of Unix time, by the clock of the computer that made it. */
  createdAt: v.pipe(v.number(), v.finite()),
  appVersion: v.pipe(v.string(), v.maxLength(100)),
  databases: v.pipe(
    v.array(
      v.object({
        name,
        /** Version of the schema its rows are of. */
        version: v.pipe(count, v.minValue(1)),
        tables: v.pipe(v.array(v.object({ name, rows: count })), v.maxLength(100)),
      }),
    ),
    v.maxLength(10),
  ),
  /** As keyring/format.ts writes it: the root key in boxes that the passphrase of that day, or a sheet's words, open. */
  keyring: v.pipe(v.string(), v.maxLength(100_000)),
})

export type ArchiveHeader = v.InferOutput<typeof Header>
export type Row = Readonly<Record<string, unknown>>

export interface RowsOf {
  readonly database: string
  readonly table: string
  readonly rows: readonly Row[]
}

/** Bytes at a place of a file; fewer at its end. */
export interface ArchiveSource {
  readonly size: number
  read(offset: number, length: number): Promise<Uint8Array>
}

/** 'cut-off': it ends too early. 'damaged': something in it was changed. 'newer-version': made by a later Teatray. */
export type ArchiveProblem = 'not-a-backup' | 'newer-version' | 'cut-off' | 'damaged' | 'unreadable'

export interface CheckedArchive {
  readonly header: ArchiveHeader
  readonly source: ArchiveSource
  /** Opaque: what verifyArchive and readRows compare. */
  readonly seal: { readonly mac: Bytes; readonly last: Bytes; readonly totals: Bytes }
}

// ------------------------------------------------------------------------------------------------------------------ bytes

const uint32 = (value: number): Bytes => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
const readUint32 = (bytes: Uint8Array): number =>
  bytes.length < LENGTH ? 0 : new DataView(bytes.buffer, bytes.byteOffset, LENGTH).getUint32(0)

const nextHash = (before: Uint8Array, payload: Uint8Array): Bytes => hash('backup chunk', before, payload)
const beginning = (head: Uint8Array): Bytes => hash('backup beginning', head)

const totalsOf = (chunks: number, rows: number): Bytes => {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, chunks)
  encoding.writeVarUint(encoder, rows)
  return new Uint8Array(encoding.toUint8Array(encoder))
}

/** The key of every backup of one root key; 32 bytes. */
export const backupKeyOf = (rootKey: Uint8Array): Bytes => derive(rootKey, 'backup')

const macOf = (backupKey: Uint8Array, last: Uint8Array, totals: Uint8Array): Bytes =>
  hmacSha512(backupKey, concat(last, totals)).slice(0, HASH)

export function encodeRows({ database, table, rows }: RowsOf): Bytes {
  const encoder = encoding.createEncoder()
  encoding.writeUint8(encoder, ROWS)
  encoding.writeVarString(encoder, database)
  encoding.writeVarString(encoder, table)
  encoding.writeVarUint(encoder, rows.length)
  for (const row of rows) encoding.writeAny(encoder, row as encoding.AnyEncodable)
  return new Uint8Array(encoding.toUint8Array(encoder))
}

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** lib0's byte strings are views of the whole chunk, and all of that would be stored with each. */
function copied(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice()
  if (Array.isArray(value)) return value.map(copied)
  if (!isRow(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copied(inner)]))
}

/** Undefined where the bytes are no rows. */
function decodeRows(payload: Bytes): RowsOf | undefined {
  const decoder = decoding.createDecoder(payload)
  try {
    decoding.readUint8(decoder)
    const database = decoding.readVarString(decoder)
    const table = decoding.readVarString(decoder)
    const rows: Row[] = []
    for (let left = decoding.readVarUint(decoder); left > 0; left--) {
      const row = copied(decoding.readAny(decoder))
      if (!isRow(row)) return undefined
      rows.push(row)
    }
    return decoder.pos === payload.length ? { database, table, rows } : undefined
  } catch {
    // lib0 throws on what ends too early or means nothing; the caller gives it its name.
    return undefined
  }
}

// ----------------------------------------------------------------------------------------------------------------- writing

/** Calls `write` in order with all of the file. `payloads`: as encodeRows makes them. */
export async function writeArchive(request: {
  readonly header: ArchiveHeader
  readonly payloads: AsyncIterable<Bytes>
  readonly backupKey: Uint8Array
  readonly write: (bytes: Bytes) => Promise<void>
}): Promise<void> {
  const { header, payloads, backupKey, write } = request
  const json = utf8(JSON.stringify(header))
  const head = concat(utf8(`teatray-backup ${ARCHIVE_VERSION}\n`), uint32(json.length), json)
  await write(head)
  let last = beginning(head)
  let chunks = 0
  const put = async (payload: Bytes): Promise<void> => {
    last = nextHash(last, payload)
    await write(concat(uint32(payload.length), last, payload))
  }
  for await (const payload of payloads) {
    await put(payload)
    chunks += 1
  }
  const totals = totalsOf(chunks, rowsIn(header))
  await put(concat(Uint8Array.of(END), totals, macOf(backupKey, last, totals)))
}

const rowsIn = ({ databases }: ArchiveHeader): number =>
  databases.flatMap(({ tables }) => tables).reduce((sum, { rows }) => sum + rows, 0)

// ----------------------------------------------------------------------------------------------------------------- reading

/** What a reader stops with; never leaves this file. */
class Refused extends Error {
  override readonly name = 'Refused'
  readonly problem: ArchiveProblem
  constructor(problem: ArchiveProblem, detail: string) {
    super(detail)
    this.problem = problem
  }
}

const refuse = (problem: ArchiveProblem, detail: string): never => {
  throw new Refused(problem, detail)
}

const READ_AT_ONCE = 1024 * 1024

/** Reads on from where it is; what it hands out is a copy. */
function createReader(source: ArchiveSource) {
  let buffer: Uint8Array = new Uint8Array(0)
  let start = 0
  let at = 0
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    try {
      return await source.read(offset, length)
    } catch (thrown) {
      return refuse('unreadable', describeThrown(thrown))
    }
  }
  return {
    left: () => source.size - at,
    async take(length: number): Promise<Bytes> {
      if (length > source.size - at) refuse('cut-off', `${length} bytes at ${at}`)
      const taken = new Uint8Array(length)
      for (let filled = 0; filled < length;) {
        if (at >= start + buffer.length) {
          buffer = await read(at, Math.min(READ_AT_ONCE, source.size - at))
          start = at
          if (buffer.length === 0) refuse('cut-off', `nothing at ${at}`)
        }
        const part = buffer.subarray(at - start, at - start + length - filled)
        taken.set(part, filled)
        filled += part.length
        at += part.length
      }
      return taken
    },
  }
}

type Reader = ReturnType<typeof createReader>

async function readHead(reader: Reader): Promise<{ readonly header: ArchiveHeader; readonly head: Bytes }> {
  const line: number[] = []
  while (line.length < MAX_FIRST_LINE && reader.left() > 0 && line.at(-1) !== 0x0a)
    line.push((await reader.take(1))[0] ?? 0)
  const first = Uint8Array.from(line)
  const version = FIRST_LINE.exec(String.fromCharCode(...first))?.[1]
  if (version === undefined) return refuse('not-a-backup', 'first line')
  if (Number(version) > ARCHIVE_VERSION) return refuse('newer-version', version)
  if (Number(version) < 1) return refuse('not-a-backup', version)
  const length = await reader.take(LENGTH)
  if (readUint32(length) > MAX_HEADER) return refuse('damaged', 'length of the header')
  const json = await reader.take(readUint32(length))
  const parsed = v.safeParse(Header, parseJson(json))
  if (!parsed.success) return refuse('damaged', v.summarize(parsed.issues))
  return { header: parsed.output, head: concat(first, length, json) }
}

function parseJson(json: Bytes): unknown {
  try {
    return JSON.parse(fromUtf8(json))
  } catch {
    // The schema refuses undefined and names the damage.
    return undefined
  }
}

/** Counts down what the header says there is. */
function createCounts({ databases }: ArchiveHeader) {
  const left = new Map<string, number>(
    databases.flatMap((database) =>
      database.tables.map((table) => [`${database.name}\0${table.name}`, table.rows] as const),
    ),
  )
  return {
    take({ database, table, rows }: RowsOf): void {
      const key = `${database}\0${table}`
      const before = left.get(key)
      if (before === undefined || before < rows.length) refuse('damaged', `rows of ${database}/${table}`)
      else left.set(key, before - rows.length)
    },
    isDone: () => [...left.values()].every((rows) => rows === 0),
  }
}

type Seal = CheckedArchive['seal']

/** All of it, in order, each chunk checked before it is handed on. Rejects with Refused, or with what `onRows` rejects with. */
async function read(
  source: ArchiveSource,
  onRows: (rows: RowsOf) => Promise<void>,
): Promise<{ readonly header: ArchiveHeader; readonly seal: Seal }> {
  const reader = createReader(source)
  const { header, head } = await readHead(reader)
  const counts = createCounts(header)
  let last = beginning(head)
  for (let chunks = 0; ; chunks++) {
    const length = readUint32(await reader.take(LENGTH))
    if (length < 1 || length > MAX_CHUNK) refuse('damaged', `length of chunk ${chunks}`)
    const sum = await reader.take(HASH)
    const payload = await reader.take(length)
    if (!equalBytes(nextHash(last, payload), sum)) refuse('damaged', `chunk ${chunks}`)
    if (payload[0] === END) {
      const totals = totalsOf(chunks, rowsIn(header))
      const mac = payload.slice(1 + totals.length)
      if (mac.length !== HASH || !equalBytes(payload.subarray(1, 1 + totals.length), totals) || !counts.isDone())
        refuse('damaged', 'totals')
      if (reader.left() > 0) refuse('damaged', 'something follows the end')
      return { header, seal: { mac, last, totals } }
    }
    const rows = payload[0] === ROWS ? decodeRows(payload) : undefined
    if (rows === undefined) return refuse('damaged', `rows of chunk ${chunks}`)
    counts.take(rows)
    await onRows(rows)
    last = sum
  }
}

async function orProblem<Value>(work: () => Promise<Value>): Promise<Result<Value, ArchiveProblem>> {
  try {
    return ok(await work())
  } catch (thrown) {
    if (thrown instanceof Refused) return fail(thrown.problem, thrown.message)
    throw thrown
  }
}

const nothing = (): Promise<void> => Promise.resolve()

/** Reads all of it without any secret. What passes is whole; whose it is, and that nobody wrote it anew, verifyArchive says. */
export const checkArchive = (source: ArchiveSource): Promise<Result<CheckedArchive, ArchiveProblem>> =>
  orProblem(async () => ({ ...(await read(source, nothing)), source }))

/** True where the root key of this backup key made it, and every byte is as it was made. */
export const verifyArchive = ({ seal }: CheckedArchive, backupKey: Uint8Array): boolean =>
  equalBytes(macOf(backupKey, seal.last, seal.totals), seal.mac)

/** Once more from the start, row by row; refused where the file is another one than was checked. */
export const readRows = (
  archive: CheckedArchive,
  onRows: (rows: RowsOf) => Promise<void>,
): Promise<Result<void, ArchiveProblem>> =>
  orProblem(async () => {
    const { seal } = await read(archive.source, onRows)
    if (!equalBytes(seal.last, archive.seal.last) || !equalBytes(seal.mac, archive.seal.mac))
      refuse('damaged', 'it changed while it was read')
  })
