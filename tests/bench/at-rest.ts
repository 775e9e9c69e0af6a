/** Rows and signatures one by one and in bulk; in a page. */
import { Dexie } from 'dexie'
import { randomBytes, toHex, utf8 } from '../../shared/base/bytes.ts'
import type { CircleId, DeviceId, DocumentId, HashId } from '../../shared/base/ids.ts'
import { createSigner, defaultSigner, signingKeyPair, tweetnaclEd25519, type Signer } from '../../shared/crypto/sign.ts'
import { resolve } from '../../shared/membership/resolve.ts'
import { renewKey } from '../../shared/membership/renew-key.ts'
import { asVerified, meet, setUp, type Actor } from '../../shared/membership/testing.ts'
import { argon2idHere, LEAST_COST } from '../../renderer/keyring/argon2.ts'
import { openStore } from '../../renderer/store/store.ts'
import type { StoredEntry, StoredRecord } from '../../shared/sync/store.ts'

const ROW = 1000
const circle = 'c'.repeat(32) as CircleId
const log = { device: 'a'.repeat(32) as DeviceId, incarnation: 0 }
const document = 'b'.repeat(32) as DocumentId

const entry = (seq: number): StoredEntry => ({
  ...log,
  seq,
  from: seq,
  hash: toHex(randomBytes(32)) as HashId,
  document,
  bytes: randomBytes(ROW),
})

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

type Durability = 'strict' | 'relaxed'

/** Writes `count` rows in steps of `together`; milliseconds a row. */
async function perRow(
  put: (from: number, rows: number) => Promise<unknown>,
  from: number,
  count: number,
  together: number,
): Promise<number> {
  const ms = await timed(async () => {
    for (let seq = from; seq < from + count; seq += together) await put(seq, Math.min(together, from + count - seq))
  })
  return ms / count
}

export interface RowTimes {
  /** Milliseconds a row. */
  readonly strictAlone: number
  readonly relaxedAlone: number
  readonly strictTogether: number
  readonly relaxedTogether: number
  /** Milliseconds for all rows. */
  readonly index: number
  readonly read: number
}

const ALONE = 200

async function timeRows(
  rows: number,
  put: (durability: Durability) => (from: number, count: number) => Promise<unknown>,
  index: () => Promise<readonly unknown[]>,
  read: () => Promise<readonly unknown[]>,
): Promise<RowTimes> {
  const half = Math.floor((rows - 2 * ALONE) / 2)
  const strictAlone = await perRow(put('strict'), 1, ALONE, 1)
  const relaxedAlone = await perRow(put('relaxed'), ALONE + 1, ALONE, 1)
  const strictTogether = await perRow(put('strict'), 2 * ALONE + 1, half, 100)
  const relaxedTogether = await perRow(put('relaxed'), 2 * ALONE + half + 1, rows - 2 * ALONE - half, 100)
  const counted = async (work: () => Promise<readonly unknown[]>): Promise<number> => {
    let found = 0
    const ms = await timed(async () => (found = (await work()).length))
    if (found !== rows) throw new Error(`${found} rows of ${rows}`)
    return ms
  }
  return {
    strictAlone,
    relaxedAlone,
    strictTogether,
    relaxedTogether,
    index: await counted(index),
    read: await counted(read),
  }
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index)

export async function timeSealedRows(rows: number): Promise<RowTimes> {
  const opened = await openStore({ name: 'at-rest', rootKey: new Uint8Array(32) })
  if (!opened.ok) throw new Error(opened.error)
  const store = opened.value.circle(circle)
  const times = await timeRows(
    rows,
    (durability) => (from, count) => store.putEntries(range(from, count).map(entry), { durability }),
    () => store.index(),
    () => store.entries(log, 1, rows),
  )
  await opened.value.close()
  return times
}

/** The same bytes in Dexie alone: no seal, no check of what is there, one index. */
export async function timePlainRows(rows: number): Promise<RowTimes> {
  const connect = async (chromeTransactionDurability: Durability): Promise<Dexie> => {
    const db = new Dexie('at-rest-plain', { chromeTransactionDurability, cache: 'disabled' })
    db.version(1).stores({ entries: '[circle+device+seq]' })
    return db.open()
  }
  const connections = { strict: await connect('strict'), relaxed: await connect('relaxed') }
  const all = (): Promise<readonly unknown[]> => connections.strict.table('entries').toArray()
  const times = await timeRows(
    rows,
    (durability) => (from, count) =>
      connections[durability]
        .table('entries')
        .bulkPut(range(from, count).map((seq) => ({ circle, device: log.device, seq, bytes: randomBytes(ROW) }))),
    all,
    all,
  )
  for (const db of Object.values(connections)) db.close()
  return times
}

/** In this very thread: the worker's start is left out. */
export const timeArgon2 = (): Promise<number> =>
  timed(() => argon2idHere(utf8('passphrase'), new Uint8Array(16), LEAST_COST))

async function timeVerify(signer: Signer, count: number): Promise<number> {
  const keys = signingKeyPair(randomBytes(32))
  const fast = await defaultSigner()
  const signed = await Promise.all(
    range(0, count).map(async () => {
      const message = randomBytes(300)
      return { message, signature: await fast.sign('entry', keys, message) }
    }),
  )
  return timed(async () => {
    for (let from = 0; from < count; from += 200) {
      const verdicts = await Promise.all(
        signed
          .slice(from, from + 200)
          .map(({ message, signature }) => signer.verify('entry', keys.publicKey, message, signature)),
      )
      if (verdicts.includes(false)) throw new Error('a good signature was refused')
    }
  })
}

/** Milliseconds for one signature of an entry of 300 bytes, 200 at once as on receipt. */
export async function timeVerifying(count: number, fallbackCount: number): Promise<{ web: number; fallback: number }> {
  return {
    web: (await timeVerify(await defaultSigner(), count)) / count,
    fallback: (await timeVerify(createSigner(tweetnaclEd25519), fallbackCount)) / fallbackCount,
  }
}

export interface ResolverTimes {
  readonly ms: number
  readonly records: number
  /** As many records, each made by somebody who knew all before it. */
  readonly lineMs: number
}

const EACH = 5

async function timeResolving(group: CircleId, stored: readonly StoredRecord[], members: number): Promise<number> {
  const records = asVerified(group, stored)
  const times: number[] = []
  for (let round = 0; round < EACH; round++) {
    let found = 0
    times.push(
      await timed(() => {
        found = resolve(group, records).state?.members.size ?? 0
        return Promise.resolve()
      }),
    )
    if (found !== members) throw new Error(`${found} members of ${members}`)
  }
  return times.toSorted((a, b) => a - b)[Math.floor(EACH / 2)] ?? 0
}

/** Two who say something without knowing of each other, so many times; or as many statements one after the other. */
async function sayNames(forks: number, one: Actor, other: Actor, apart: boolean): Promise<void> {
  for (let fork = 0; fork < forks; fork++) {
    for (const { membership } of [one, other]) {
      const said = await membership.append({ type: 'profile', name: `name ${fork}` })
      if (!said.ok) throw new Error(said.error)
      if (!apart) await meet(one, other)
    }
    await meet(one, other)
  }
}

/** Milliseconds to resolve the records of a group of so many, with so many changes of keys and so many forks. */
export async function timeResolver(members: number, rotations: number, forks: number): Promise<ResolverTimes> {
  const names = range(0, members).map((index) => `member ${index}`)
  const measure = async (apart: boolean): Promise<{ ms: number; records: number }> => {
    const { circle: group, actors } = await setUp(names)
    const [founder, other] = actors
    if (founder === undefined || other === undefined) throw new Error('nobody')
    for (let change = 0; change < rotations; change++) await renewKey(founder.membership)
    await meet(founder, other)
    await sayNames(forks, founder, other, apart)
    const stored = [...founder.store.kept.values()]
    return { ms: await timeResolving(group, stored, members), records: stored.length }
  }
  const forked = await measure(true)
  return { ...forked, lineMs: (await measure(false)).ms }
}
