/** Membership records between two: hashes where they differ, then what the other lacks, then each as it is made. */
import { equalBytes, type Bytes } from '../base/bytes.ts'
import type { DeviceId, HashId } from '../base/ids.ts'
import { hashOfRecord } from '../membership/names.ts'
import type { Membership } from '../membership/state.ts'
import { digestOf } from './hello.ts'
import { inMessages } from './in-messages.ts'
import { MAX_RECORD_HASHES, MAX_RECORDS_IN_MESSAGE, type CircleTag, type Message } from './messages.ts'

export const RECORDS_BYTES = 1024 * 1024

/** More hashes than anybody who is honest has records. */
const MAX_REMEMBERED = 2 * MAX_RECORD_HASHES

/**
 * Whoever is honest may hold what is too much here, and passes it on. Told once in a session: a thousand refusals end it, and two
 * whom somebody gave different ones would never be connected for long.
 */
const NO_FAULT: ReadonlySet<string> = new Set(['author-over-quota', 'too-many-records', 'too-many-waiting'])

export interface RecordExchange {
  /** They are proved. `digest`: what their hello said of their records; undefined: it is too old to go by. */
  begin(digest: Bytes | undefined): Promise<void>
  /** Asks an unknown device for all it has, without a word about what we have. */
  askUnknown(): Promise<void>
  onHashes(hashes: readonly HashId[]): Promise<void>
  onRecords(records: readonly Bytes[]): Promise<void>
  sendMissing(): Promise<void>
  /** To one who was removed: the records up to that, so that its screen can say what happened. */
  tellRemoved(device: DeviceId, digest: Bytes): Promise<void>
  /** Both hold the same records, as far as is known here; what they hold and is too much here does not count. */
  isSame(): boolean
  /** As isSame, and there is nothing that they hold and is too much here: what was written by it can be understood. */
  isWhole(): boolean
}

export function createRecordExchange(options: {
  readonly membership: Membership
  readonly tag: CircleTag
  readonly isProved: () => boolean
  readonly send: (message: Message) => Promise<void>
  readonly refuse: (reason: string) => void
}): RecordExchange {
  const { membership, tag, isProved, send, refuse } = options
  let theirs: Set<HashId> | undefined
  let hashesSent = false
  let askedUnknown = false
  const told = new Set<string>()
  /** Sound records of theirs for which there is no room here. */
  const tooMuch = new Set<HashId>()

  const sendHashes = async (): Promise<void> => {
    if (hashesSent) return
    hashesSent = true
    const hashes = [...membership.hashes()]
    for (let at = 0; at === 0 || at < hashes.length; at += MAX_RECORD_HASHES) {
      await send({ type: 'record-hashes', tag, hashes: hashes.slice(at, at + MAX_RECORD_HASHES) })
    }
  }
  const sendAll = async (records: readonly Bytes[]): Promise<void> => {
    for (const some of inMessages(records, RECORDS_BYTES, MAX_RECORDS_IN_MESSAGE)) {
      await send({ type: 'records', tag, records: some })
    }
  }
  const sendMissing = async (): Promise<void> => {
    if (!isProved() || theirs === undefined) return
    const held = theirs
    const missing = membership.recordsOf([...membership.hashes()].filter((each) => !held.has(each)))
    for (const record of missing) held.add(hashOfRecord(record))
    await sendAll(missing)
  }

  return {
    begin: async (digest) => {
      hashesSent = false
      // What was sent while they turned us away was not read.
      if (digest === undefined) theirs = undefined
      if (digest !== undefined && equalBytes(digestOf(membership.hashes()), digest)) {
        theirs ??= new Set(membership.hashes())
      } else await sendHashes()
      await sendMissing()
    },
    askUnknown: async () => {
      if (askedUnknown) return
      askedUnknown = true
      await send({ type: 'record-hashes', tag, hashes: [] })
    },
    onHashes: async (hashes) => {
      theirs = new Set([...hashes, ...(theirs ?? [])].slice(0, MAX_REMEMBERED))
      if (!isProved()) return
      await sendHashes()
      await sendMissing()
    },
    onRecords: async (records) => {
      for (const record of records) if ((theirs?.size ?? 0) < MAX_REMEMBERED) theirs?.add(hashOfRecord(record))
      for (const { reason, hash } of await membership.receive(records)) {
        if (hash !== undefined && tooMuch.size < MAX_REMEMBERED) tooMuch.add(hash)
        if (reason === 'waits-for-a-key' || told.has(reason)) continue
        if (NO_FAULT.has(reason)) told.add(reason)
        refuse(`record: ${reason}`)
      }
    },
    sendMissing,
    tellRemoved: async (device, digest) => {
      const held = theirs ?? new Set<HashId>()
      const why = membership
        .recordsUpTo(membership.removalsOf(device))
        .map((record) => ({ record, hash: hashOfRecord(record) }))
      if (equalBytes(digestOf(why.map(({ hash }) => hash)), digest)) return
      await sendAll(why.flatMap(({ record, hash }) => (held.has(hash) ? [] : [record])))
    },
    isSame: () => {
      const hashes = membership.hashes()
      const held = theirs
      return (
        held !== undefined &&
        [...hashes].every((each) => held.has(each)) &&
        [...held].every((each) => hashes.has(each) || tooMuch.has(each))
      )
    },
    isWhole: () => {
      const hashes = membership.hashes()
      return theirs !== undefined && theirs.size === hashes.size && [...hashes].every((each) => theirs?.has(each))
    },
  }
}
