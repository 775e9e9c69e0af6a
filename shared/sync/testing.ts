/** Time by hand, and people with replicas, for tests and the simulator. */
import * as Y from 'yjs'
import type { Clock } from '../base/clock.ts'
import type { DocumentId } from '../base/ids.ts'
import type { Signer } from '../crypto/sign.ts'
import { openMembership } from '../membership/open.ts'
import { setUp, type Actor } from '../membership/testing.ts'
import { createMemoryStore, type MemoryStore } from './memory-store.ts'
import { openReplica, type Replica, type ReplicaOptions } from './replica.ts'
import type { CircleStore } from './store.ts'
import type { Timers } from './timers.ts'

export interface ManualTime extends Timers, Clock {
  /** Runs what falls due, in order, letting promises settle in between. */
  pass(milliseconds: number): Promise<void>
}

/** Promises that stand on WebCrypto settle on later turns of the event loop, so a few are given. */
export async function settle(turns = 5): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => void setTimeout(resolve, 0))
}

export function createManualTime(settled: () => Promise<void> = settle, start = 1_000_000): ManualTime {
  let now = start
  let order = 0
  const due = new Map<number, { readonly at: number; readonly order: number; readonly run: () => void }>()
  const next = () => [...due.values()].toSorted((a, b) => a.at - b.at || a.order - b.order)[0]
  return {
    now: () => now,
    after: (milliseconds, run) => {
      const id = ++order
      due.set(id, { at: now + milliseconds, order: id, run })
      return () => due.delete(id)
    },
    pass: async (milliseconds) => {
      const end = now + milliseconds
      await settled()
      for (let first = next(); first !== undefined && first.at <= end; first = next()) {
        now = first.at
        due.delete(first.order)
        first.run()
        await settled()
      }
      now = end
      await settled()
    },
  }
}

/** The store as a process sees it: once killed, nothing it asks for happens or answers. */
export function mortal(store: CircleStore): { readonly store: CircleStore; kill(): void } {
  let dead = false
  const unlessDead =
    <Arguments extends readonly unknown[], Value>(call: (...args: Arguments) => Promise<Value>) =>
    (...args: Arguments): Promise<Value> =>
      dead ? new Promise<Value>(() => undefined) : call(...args)
  return {
    store: {
      records: unlessDead(() => store.records()),
      putRecords: unlessDead((records) => store.putRecords(records)),
      index: unlessDead(() => store.index()),
      lastSeq: unlessDead((log) => store.lastSeq(log)),
      entries: unlessDead((log, from, limit) => store.entries(log, from, limit)),
      putEntries: unlessDead((entries, options) => store.putEntries(entries, options)),
      snapshot: unlessDead((document) => store.snapshot(document)),
      putSnapshot: unlessDead((document, snapshot) => store.putSnapshot(document, snapshot)),
      value: unlessDead((key) => store.value(key)),
      values: unlessDead((keys) => store.values(keys)),
      setValue: unlessDead((key, value) => store.setValue(key, value)),
    },
    kill: () => {
      dead = true
    },
  }
}

export interface Person extends Actor {
  readonly entries: MemoryStore
  readonly replica: Replica
  /** What was in memory is gone, as after a crash. */
  restart(more?: Pick<ReplicaOptions, 'restored'>): Promise<Replica>
}

/** People in one circle, each with an open replica over a store in memory. */
export async function setUpReplicas(
  names: readonly string[],
  time: ManualTime,
  signer: Signer,
): Promise<readonly Person[]> {
  const { actors } = await setUp(names)
  return Promise.all(
    actors.map(async (founded) => {
      const { secrets, store } = founded
      const { circle } = founded.membership
      const actor = { ...founded, membership: await openMembership({ circle, secrets, store, signer }) }
      const entries = createMemoryStore()
      let process = mortal(entries)
      const open = (more: Pick<ReplicaOptions, 'restored'> = {}): Promise<Replica> => {
        process.kill()
        process = mortal(entries)
        const { membership } = actor
        return openReplica({ membership, store: process.store, signer, clock: time, timers: time, ...more })
      }
      return { ...actor, entries, replica: await open(), restart: open }
    }),
  )
}

/** Everything that one has and the other lacks, as a session would carry it. */
export async function carryEntries(from: Replica, to: Replica): Promise<number> {
  let carried = 0
  for (const head of from.heads()) {
    const entries = await from.read(head, 1, 1_000_000)
    carried += (await to.receive(entries.map(({ bytes }) => bytes))).accepted
  }
  return carried
}

export const documentId = (digit: string): DocumentId => digit.repeat(32) as DocumentId

export const sameState = (one: Y.Doc, other: Y.Doc): boolean =>
  Y.equalSnapshots(Y.snapshot(one), Y.snapshot(other)) && one.getText('t').toJSON() === other.getText('t').toJSON()
