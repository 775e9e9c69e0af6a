/** What an update file says (PROTOCOL.md, "Update files"): who made it for whom, and of each circle what is here. */
import { fromHex, toHex, type Bytes } from '../base/bytes.ts'
import type { Result } from '../base/errors.ts'
import type { CircleId, DeviceId, MemberId } from '../base/ids.ts'
import type { HeadHint } from '../sync/messages.ts'
import { createWriter, decodeAll, refuse, type DecodeProblem, type Reader, type Writer } from '../wire/codec.ts'
import { readPlace, writePlace } from '../wire/entry.ts'
import { MAX_ENTRY, MAX_INCARNATION, MAX_RECORD, MAX_TIME } from '../wire/limits.ts'
import { MAX_ENTRIES_IN_SECTION, MAX_HEADS_IN_SECTION, MAX_RECORDS_IN_SECTION, MAX_SECTIONS } from './limits.ts'

const PREFIX = 8

export interface FileSection {
  readonly circle: CircleId
  /** All records of the circle, parents before children: few and small beside the entries. */
  readonly records: readonly Bytes[]
  /** What the sender has of each log; so the file also tells what it received. */
  readonly heads: readonly HeadHint[]
  /** What the recipients may lack, each log in order. */
  readonly entries: readonly Bytes[]
}

export interface FileContent {
  readonly group: CircleId
  readonly device: DeviceId
  readonly incarnation: number
  /** For display only. */
  readonly madeAt: number
  /** Undefined: for everybody in the group. */
  readonly to: MemberId | undefined
  /** False: not all that they may lack found room. */
  readonly whole: boolean
  /** The group's own comes first. */
  readonly sections: readonly FileSection[]
}

const writeBytes = (writer: Writer, bytes: Bytes): Writer => writer.bytes(bytes)
const writeHead = (writer: Writer, head: HeadHint): Writer => writePlace(writer, head).fixed(fromHex(head.prefix))
const readHead = (reader: Reader): HeadHint => ({ ...readPlace(reader), prefix: toHex(reader.fixed(PREFIX)) })

export function encodeContent(content: FileContent): Bytes {
  const writer = createWriter()
    .id(content.group)
    .id(content.device)
    .uint(content.incarnation)
    .uint(content.madeAt)
    .byte(content.to === undefined ? 0 : 1)
  if (content.to !== undefined) writer.id(content.to)
  return writer
    .byte(content.whole ? 1 : 0)
    .list(content.sections, (to, { circle, records, heads, entries }) =>
      to.id(circle).list(records, writeBytes).list(heads, writeHead).list(entries, writeBytes),
    )
    .done()
}

const readFlag = (reader: Reader): boolean => {
  const flag = reader.byte()
  return flag > 1 ? refuse('malformed', 'neither yes nor no') : flag === 1
}

const readSection = (reader: Reader): FileSection => ({
  circle: reader.id<CircleId>(),
  records: reader.list(MAX_RECORDS_IN_SECTION, (from) => from.bytes(MAX_RECORD)),
  heads: reader.list(MAX_HEADS_IN_SECTION, readHead),
  entries: reader.list(MAX_ENTRIES_IN_SECTION, (from) => from.bytes(MAX_ENTRY)),
})

export const decodeContent = (bytes: Uint8Array): Result<FileContent, DecodeProblem> =>
  decodeAll(bytes, (reader): FileContent => {
    const group = reader.id<CircleId>()
    const device = reader.id<DeviceId>()
    const incarnation = reader.uint(MAX_INCARNATION)
    const madeAt = reader.uint(MAX_TIME)
    const to = readFlag(reader) ? reader.id<MemberId>() : undefined
    const whole = readFlag(reader)
    const sections = reader.list(MAX_SECTIONS, readSection)
    if (sections[0]?.circle !== group) refuse('malformed', 'the group comes first')
    if (new Set(sections.map(({ circle }) => circle)).size !== sections.length) refuse('malformed', 'a circle twice')
    return { group, device, incarnation, madeAt, to, whole, sections }
  })
