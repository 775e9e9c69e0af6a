import { describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import { utf8 } from '../base/bytes.ts'
import type { Signer } from '../crypto/sign.ts'
import { admission, newInvitation } from '../membership/testing.ts'
import { decodeEntry, encodeEntry } from '../wire/entry.ts'
import { MAX_ENTRY } from '../wire/limits.ts'
import { createMemoryStore, type MemoryStore } from './memory-store.ts'
import { REMOTE } from './replica.ts'
import { carryEntries, createManualTime, documentId, sameState, settle, setUpReplicas } from './testing.ts'

const PAPER = documentId('a')
const OTHER = documentId('b')
const textOf = (doc: Y.Doc): string => doc.getText('t').toJSON()

/** From now on the row of this place does not open, until something is put at it. */
function spoil(store: MemoryStore, ...seqs: readonly number[]): void {
  const spoilt = new Set(seqs)
  const { index, entries, putEntries } = { ...store }
  const opens = ({ seq }: { readonly seq: number }): boolean => !spoilt.has(seq)
  Object.assign(store, {
    index: async () => (await index()).filter(opens),
    entries: async (...args: Parameters<MemoryStore['entries']>) =>
      (await entries(args[0], args[1], 1_000_000)).filter(opens).slice(0, args[2]),
    putEntries: async (...args: Parameters<MemoryStore['putEntries']>) => {
      await putEntries(...args)
      for (const { seq } of args[0]) spoilt.delete(seq)
    },
  })
}

async function setUpTwo() {
  const time = createManualTime()
  const [alice, bob] = await setUpReplicas(['alice', 'bob'], time, syncSigner)
  return { time, alice: alice!, bob: bob! }
}

describe('a replica', () => {
  it('gives each edit to the other, who can say who wrote and who deleted it', async () => {
    const { alice, bob } = await setUpTwo()
    const atAlice = await alice.replica.openDocument(PAPER)
    const atBob = await bob.replica.openDocument(PAPER)
    atAlice.doc.getText('t').insert(0, 'we meet on tuesday')
    await alice.replica.flush()
    await carryEntries(alice.replica, bob.replica)
    expect(textOf(atBob.doc)).toBe('we meet on tuesday')
    atBob.doc.getText('t').delete(0, 3)
    await bob.replica.flush()
    await carryEntries(bob.replica, alice.replica)
    expect(textOf(atAlice.doc)).toBe('meet on tuesday')
    for (const { attribution, doc } of [atAlice, atBob]) {
      expect(attribution.insertedBy(atAlice.doc.clientID)).toBe(alice.secrets.member)
      expect(attribution.deletedBy(atAlice.doc.clientID, 2)).toBe(bob.secrets.member)
      expect(attribution.deletedBy(atAlice.doc.clientID, 3)).toBeUndefined()
      expect(attribution.insertedBy(4)).toBeUndefined()
      expect(doc.gc).toBe(false)
    }
    expect(sameState(atAlice.doc, atBob.doc)).toBe(true)
    expect(bob.replica.documents()).toEqual([PAPER])
  })

  it('never sends again what it received', async () => {
    const { time, alice, bob } = await setUpTwo()
    const atAlice = await alice.replica.openDocument(PAPER)
    await bob.replica.openDocument(PAPER)
    atAlice.doc.getText('t').insert(0, 'once')
    await alice.replica.flush()
    await carryEntries(alice.replica, bob.replica)
    await time.pass(5000)
    expect(bob.replica.heads().map(({ device }) => device)).toEqual([alice.secrets.device])
  })

  it('seals on a pause, at a hundred edits, or 800 ms after the first', async () => {
    const { time, alice } = await setUpTwo()
    const { doc } = await alice.replica.openDocument(PAPER)
    const seq = (): number => alice.replica.heads()[0]?.seq ?? 0
    doc.getText('t').insert(0, 'a')
    expect(alice.replica.saveState()).toEqual({ state: 'saving' })
    await time.pass(399)
    expect(seq()).toBe(0)
    await time.pass(1)
    expect(seq()).toBe(1)
    expect(alice.replica.saveState()).toEqual({ state: 'saved' })
    for (let step = 0; step < 9; step++) {
      doc.getText('t').insert(0, 'b')
      await time.pass(100)
    }
    expect(seq()).toBe(2)
    await time.pass(1000)
    expect(seq()).toBe(3)
    for (let step = 0; step < 100; step++) doc.getText('t').insert(0, 'c')
    await settle()
    expect(seq()).toBe(4)
  })

  it('with somebody connected seals the first edit at once, then every 50 ms', async () => {
    const { time, alice } = await setUpTwo()
    const { doc } = await alice.replica.openDocument(PAPER)
    const seq = (): number => alice.replica.heads()[0]?.seq ?? 0
    alice.replica.setLive(true)
    doc.getText('t').insert(0, 'a')
    await settle()
    expect(seq()).toBe(1)
    doc.getText('t').insert(0, 'b')
    doc.getText('t').insert(0, 'c')
    await settle()
    expect(seq()).toBe(1)
    await time.pass(50)
    expect(seq()).toBe(2)
    await time.pass(500)
    doc.getText('t').insert(0, 'd')
    await settle()
    expect(seq()).toBe(3)
  })

  it('says at once that the disk is full, keeps what is typed meanwhile, and saves it when there is room', async () => {
    const { alice, bob } = await setUpTwo()
    const { doc } = await alice.replica.openDocument(PAPER)
    alice.replica.stopWrites('disk-low')
    expect(alice.replica.saveState()).toEqual({ state: 'stopped', reason: 'disk-low' })
    await alice.replica.flush()
    doc.getText('t').insert(0, 'typed on a full disk')
    await expect(alice.replica.flush()).rejects.toThrow('stopped')
    alice.replica.resumeWrites()
    await alice.replica.flush()
    expect(alice.replica.saveState()).toEqual({ state: 'saved' })
    await carryEntries(alice.replica, bob.replica)
    expect(textOf((await bob.replica.openDocument(PAPER)).doc)).toBe('typed on a full disk')
  })

  it('offers an entry only once it is on disk', async () => {
    const { alice } = await setUpTwo()
    const { doc } = await alice.replica.openDocument(PAPER)
    const offered: number[] = []
    alice.replica.onAdvance(({ entries }) => void offered.push(entries.length))
    let finish: (() => void) | undefined
    const put = alice.entries.putEntries.bind(alice.entries)
    alice.entries.putEntries = async (...put2) => {
      await new Promise<void>((resolve) => (finish = resolve))
      return put(...put2)
    }
    doc.getText('t').insert(0, 'slow disk')
    const flushed = alice.replica.flush()
    await settle()
    expect(offered).toEqual([])
    expect(alice.replica.heads()).toEqual([])
    expect(alice.replica.saveState().state).toBe('saving')
    finish?.()
    await flushed
    expect(offered).toEqual([1])
  })

  it('after a failed write stops writing for good, says so, and keeps everything in memory', async () => {
    const { time, alice } = await setUpTwo()
    const { doc } = await alice.replica.openDocument(PAPER)
    doc.getText('t').insert(0, 'kept. ')
    await alice.replica.flush()
    alice.entries.failNextWrite()
    const puts = vi.spyOn(alice.entries, 'putEntries')
    doc.getText('t').insert(0, 'in memory. ')
    await time.pass(2000)
    expect(alice.replica.saveState()).toEqual({ state: 'stopped', reason: 'storage-failed' })
    doc.getText('t').insert(0, 'and on. ')
    await time.pass(60_000)
    expect(puts).toHaveBeenCalledTimes(1)
    expect(textOf(doc)).toBe('and on. in memory. kept. ')
    await expect(alice.replica.flush()).rejects.toThrow('stopped')
  })

  it('loses nothing that flush resolved for when it crashes, with and without a snapshot', async () => {
    const { time, alice } = await setUpTwo()
    const first = await alice.replica.openDocument(PAPER)
    first.doc.getText('t').insert(0, 'before. ')
    await first.release()
    expect(await alice.entries.snapshot(PAPER)).toBeDefined()
    const second = await alice.replica.openDocument(PAPER)
    second.doc.getText('t').insert(0, 'after. ')
    await alice.replica.flush()
    second.doc.getText('t').insert(0, 'not saved. ')

    const restarted = await alice.restart()
    const third = await restarted.openDocument(PAPER)
    expect(textOf(third.doc)).toBe('after. before. ')
    third.doc.getText('t').insert(0, 'again. ')
    await time.pass(1000)
    await alice.entries.putSnapshot(PAPER, utf8('damaged'))
    const last = await (await alice.restart()).openDocument(PAPER)
    expect(textOf(last.doc)).toBe('again. after. before. ')
  })

  it('keeps deletions’ authors in snapshots', async () => {
    const { alice, bob } = await setUpTwo()
    const atAlice = await alice.replica.openDocument(PAPER)
    atAlice.doc.getText('t').insert(0, 'one two three')
    await alice.replica.flush()
    await carryEntries(alice.replica, bob.replica)
    const atBob = await bob.replica.openDocument(PAPER)
    atBob.doc.getText('t').delete(4, 4)
    await atBob.release()
    const again = await (await bob.restart()).openDocument(PAPER)
    expect(again.attribution.deletedBy(atAlice.doc.clientID, 5)).toBe(bob.secrets.member)
    expect(textOf(again.doc)).toBe('one three')
  })

  it('folds a long run of its own; whoever has the run prunes it, whoever has not takes the fold', async () => {
    const { time, alice, bob } = await setUpTwo()
    const { doc } = await alice.replica.openDocument(PAPER)
    alice.replica.setLive(true)
    const atBob = await bob.replica.openDocument(PAPER)
    for (let step = 0; step < 30; step++) {
      doc.getText('t').insert(step, 'x')
      await time.pass(60)
    }
    await carryEntries(alice.replica, bob.replica)
    for (let step = 30; step < 63; step++) {
      doc.getText('t').insert(step, 'y')
      await time.pass(60)
    }
    expect((await alice.entries.index()).length).toBe(63)
    await carryEntries(alice.replica, bob.replica)
    doc.getText('t').insert(63, 'z')
    await time.pass(60)
    expect((await alice.entries.index()).map(({ seq, from }) => [from, seq])).toEqual([[1, 65]])
    const [fold] = await alice.replica.read({ device: alice.secrets.device, incarnation: 0 }, 1, 9)
    expect(decodeEntry(fold!.bytes)).toMatchObject({ ok: true, value: { kind: 'fold', foldsFrom: 1 } })
    // Bob lacks entry 64, so he cannot recompute the fold: both stay, and the text is whole.
    await carryEntries(alice.replica, bob.replica)
    expect((await bob.entries.index()).length).toBe(64)
    expect(sameState(doc, atBob.doc)).toBe(true)
    // The next one he can.
    for (let step = 0; step < 3; step++) {
      doc.getText('t').insert(0, 'w')
      await time.pass(60)
      await carryEntries(alice.replica, bob.replica)
    }
    await time.pass(10_000)
    expect((await alice.entries.index()).map(({ seq, from }) => [from, seq])).toEqual([
      [1, 65],
      [66, 69],
    ])
    await carryEntries(alice.replica, bob.replica)
    expect((await bob.entries.index()).at(-1)).toMatchObject({ from: 66, seq: 69 })
    expect((await bob.entries.index()).length).toBe(65)
    expect(sameState(doc, atBob.doc)).toBe(true)
    const cold = await (await bob.restart()).openDocument(PAPER)
    expect(sameState(doc, cold.doc)).toBe(true)
  })

  it('splits an edit that is too large for one entry', { timeout: 30_000 }, async () => {
    const { alice, bob } = await setUpTwo()
    const { doc } = await alice.replica.openDocument(PAPER)
    doc.getText('t').insert(0, 'long '.repeat(2_000_000))
    await alice.replica.flush()
    const held = await alice.replica.read({ device: alice.secrets.device, incarnation: 0 }, 1, 99)
    expect(held.length).toBeGreaterThan(2)
    expect(Math.max(...held.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(MAX_ENTRY)
    await carryEntries(alice.replica, bob.replica)
    const atBob = await bob.replica.openDocument(PAPER)
    expect(textOf(atBob.doc).length).toBe(10_000_000)
  })

  it('lets entries wait for what comes before them, in whatever order they arrive', async () => {
    const { alice, bob } = await setUpTwo()
    const { doc } = await alice.replica.openDocument(PAPER)
    for (let step = 0; step < 8; step++) {
      doc.getText('t').insert(0, `${step}`)
      await alice.replica.flush()
    }
    const held = await alice.replica.read({ device: alice.secrets.device, incarnation: 0 }, 1, 99)
    for (const { bytes } of held.toReversed()) await bob.replica.receive([bytes])
    expect(bob.replica.heads()[0]?.seq).toBe(8)
    expect(textOf((await bob.replica.openDocument(PAPER)).doc)).toBe(textOf(doc))
  })

  it('checks the signature of what waits once, however often it is tried', async () => {
    const verified = vi.fn<Signer['verify']>((...args) => syncSigner.verify(...args))
    const [alice, bob] = await setUpReplicas(['alice', 'bob'], createManualTime(), { ...syncSigner, verify: verified })
    const { doc } = await alice!.replica.openDocument(PAPER)
    for (let step = 0; step < 8; step++) {
      doc.getText('t').insert(0, `${step}`)
      await alice!.replica.flush()
    }
    const held = await alice!.replica.read({ device: alice!.secrets.device, incarnation: 0 }, 1, 99)
    verified.mockClear()
    for (const { bytes } of held.toReversed()) await bob!.replica.receive([bytes])
    expect(bob!.replica.heads()[0]?.seq).toBe(8)
    expect(verified).toHaveBeenCalledTimes(8)
  })

  it('names each refusal, stores nothing of it, and goes on with the rest', async () => {
    const { alice, bob } = await setUpTwo()
    const { doc } = await alice.replica.openDocument(PAPER)
    doc.getText('t').insert(0, 'good')
    await alice.replica.flush()
    const [good] = await alice.replica.read({ device: alice.secrets.device, incarnation: 0 }, 1, 9)
    const decoded = decodeEntry(good!.bytes)
    if (!decoded.ok) throw new Error('decodes')
    const unsigned = encodeEntry({ ...decoded.value, signature: new Uint8Array(64) })
    const elsewhere = encodeEntry({ ...decoded.value, circle: documentId('9') as never })
    const changed = new Uint8Array(good!.bytes)
    changed[changed.length - 70]! ^= 1
    const future = encodeEntry({ ...decoded.value, incarnation: 7 })
    const batch = [utf8('?'), unsigned, elsewhere, changed, future, new Uint8Array(MAX_ENTRY + 1), good!.bytes]
    const report = await bob.replica.receive(batch)
    expect(report.refused.map(({ reason }) => reason).toSorted()).toEqual([
      'bad-signature',
      'bad-signature',
      'other-circle',
      'other-version',
      'too-large',
      'unknown-incarnation',
    ])
    expect(report.accepted).toBe(1)
    expect((await bob.entries.index()).length).toBe(1)
  })

  it('keeps both of two entries for one place as proof, merges the first, and goes on under a new incarnation', async () => {
    const { alice, bob } = await setUpTwo()
    const backup = alice.entries.copy()
    const { doc } = await alice.replica.openDocument(PAPER)
    doc.getText('t').insert(0, 'first life')
    await alice.replica.flush()
    await carryEntries(alice.replica, bob.replica)

    Object.assign(alice.entries, backup)
    const restored = await alice.restart()
    const second = await restored.openDocument(PAPER)
    second.doc.getText('t').insert(0, 'second life')
    await restored.flush()
    const [rival] = await restored.read({ device: alice.secrets.device, incarnation: 0 }, 1, 9)
    const report = await bob.replica.receive([rival!.bytes])
    expect(report.refused).toMatchObject([{ reason: 'forked', seq: 1 }])
    expect([...bob.replica.forks().devices()]).toEqual([alice.secrets.device])
    expect(bob.replica.forks().entries()[0]?.bytes).toEqual(rival!.bytes)
    expect(textOf((await bob.replica.openDocument(PAPER)).doc)).toBe('first life')
    const bobAgain = await bob.restart()
    expect([...bobAgain.forks().devices()]).toEqual([alice.secrets.device])

    await carryEntries(bobAgain, restored)
    expect(restored.incarnation()).toBe(1)
    expect([...restored.forks().devices()]).toEqual([alice.secrets.device])
  })

  it('takes its own lost entries back, and goes on under a new incarnation', async () => {
    const { alice, bob } = await setUpTwo()
    const backup = alice.entries.copy()
    const { doc } = await alice.replica.openDocument(PAPER)
    doc.getText('t').insert(0, 'written before the disk broke')
    await alice.replica.flush()
    await carryEntries(alice.replica, bob.replica)

    Object.assign(alice.entries, backup)
    const restored = await alice.restart()
    const again = await restored.openDocument(PAPER)
    await carryEntries(bob.replica, restored)
    expect(textOf(again.doc)).toBe('written before the disk broke')
    again.doc.getText('t').insert(0, 'still ')
    await restored.flush()
    await bob.membership.receive(alice.membership.recordsOf(alice.membership.hashes()))
    await carryEntries(restored, bob.replica)
    expect(textOf((await bob.replica.openDocument(PAPER)).doc)).toBe('still written before the disk broke')
  })

  it('seals what was being typed when its own lost entries come back, and goes on saving', async () => {
    const { alice, bob } = await setUpTwo()
    const backup = alice.entries.copy()
    const { doc } = await alice.replica.openDocument(PAPER)
    doc.getText('t').insert(0, 'first life')
    await alice.replica.flush()
    await carryEntries(alice.replica, bob.replica)
    Object.assign(alice.entries, backup)
    const restored = await alice.restart()
    const again = await restored.openDocument(PAPER)
    again.doc.getText('t').insert(0, 'typed just now. ')
    await carryEntries(bob.replica, restored)
    expect(restored.incarnation()).toBe(1)
    again.doc.getText('t').insert(0, 'and then. ')
    await restored.flush()
    expect(restored.saveState()).toEqual({ state: 'saved' })
    expect(textOf(again.doc)).toBe('and then. typed just now. ')
    expect(restored.heads().map(({ incarnation, seq }) => [incarnation, seq])).toEqual([
      [0, 1],
      [1, 1],
    ])
  })

  /** Alice has written three entries, which Bob holds; then some rows of hers do not open any more. */
  async function setUpSpoilt(...seqs: readonly number[]) {
    const two = await setUpTwo()
    const { doc } = await two.alice.replica.openDocument(PAPER)
    for (const word of ['one ', 'two ', 'three ']) {
      doc.getText('t').insert(doc.getText('t').length, word)
      await two.alice.replica.flush()
    }
    await carryEntries(two.alice.replica, two.bob.replica)
    spoil(two.alice.entries, ...seqs)
    return { ...two, reopened: await two.alice.restart() }
  }

  it.each([[3], [2], [1], [1, 2, 3]])(
    'writes at no place again that it used, where its own row %j and others do not open',
    async (...seqs) => {
      const { alice, bob, reopened } = await setUpSpoilt(...seqs)
      const again = await reopened.openDocument(PAPER)
      again.doc.getText('t').insert(0, 'and on. ')
      await reopened.flush()
      expect(reopened.incarnation()).toBe(1)
      await bob.membership.receive(alice.membership.recordsOf(alice.membership.hashes()))
      await carryEntries(reopened, bob.replica)
      expect(bob.replica.forks().entries()).toEqual([])
      const atBob = await bob.replica.openDocument(PAPER)
      expect(textOf(atBob.doc)).toContain('and on. ')
      // What was lost comes back from him, as it would over a session: from the end of what is held on.
      expect(reopened.heads().find(({ incarnation }) => incarnation === 0)?.seq ?? 0).toBe((seqs[0] ?? 0) - 1)
      await carryEntries(bob.replica, reopened)
      expect(reopened.heads().find(({ incarnation }) => incarnation === 0)?.seq).toBe(3)
      expect(sameState(again.doc, atBob.doc)).toBe(true)
      expect(textOf(again.doc)).toContain('one two three ')
      const last = await alice.restart()
      expect(last.incarnation()).toBe(1)
      expect(textOf((await last.openDocument(PAPER)).doc)).toBe(textOf(again.doc))
    },
  )

  it('shows what lies beyond a hole, as far as it can be read', async () => {
    const { alice } = await setUpTwo()
    for (const id of [PAPER, OTHER]) {
      const held = await alice.replica.openDocument(id)
      held.doc.getText('t').insert(0, id)
      await alice.replica.flush()
    }
    spoil(alice.entries, 1)
    const reopened = await alice.restart()
    expect(reopened.heads()).toEqual([])
    expect(textOf((await reopened.openDocument(OTHER)).doc)).toBe(OTHER)
    expect(textOf((await reopened.openDocument(PAPER)).doc)).toBe('')
  })

  it('out of a backup it writes nothing under the old incarnation, whatever it wrote after the backup was made', async () => {
    const { alice, bob } = await setUpTwo()
    const before = await alice.replica.openDocument(PAPER)
    before.doc.getText('t').insert(0, 'old ')
    await alice.replica.flush()
    const backup = alice.entries.copy()
    before.doc.getText('t').insert(0, 'after the backup ')
    await alice.replica.flush()
    await carryEntries(alice.replica, bob.replica)
    await alice.replica.close()

    Object.assign(alice.entries, backup)
    let renewed = 0
    const onRenewed = (): Promise<void> => {
      renewed += 1
      return Promise.resolve()
    }
    const restored = await alice.restart({ restored: { onRenewed } })
    expect(renewed).toBe(1)
    expect(restored.incarnation()).toBeGreaterThan(0)
    const again = await restored.openDocument(PAPER)
    expect(again.doc.clientID).not.toBe(before.doc.clientID)
    again.doc.getText('t').insert(0, 'new ')
    await restored.flush()
    await carryEntries(bob.replica, restored)
    await bob.membership.receive(alice.membership.recordsOf(alice.membership.hashes()))
    await carryEntries(restored, bob.replica)
    const atBob = await bob.replica.openDocument(PAPER)
    expect(textOf(atBob.doc)).toBe(textOf(again.doc))
    for (const words of ['old ', 'after the backup ', 'new ']) expect(textOf(atBob.doc)).toContain(words)
    expect([...restored.forks().devices(), ...bob.replica.forks().devices()]).toEqual([])
    // That is done once: from now on it goes on where it is.
    await restored.close()
    expect((await alice.restart()).incarnation()).toBe(restored.incarnation())
  })

  it('out of a backup and taken out since, it declares the new incarnation when it is let in again, and not before', async () => {
    const { alice, bob } = await setUpTwo()
    await bob.membership.append({
      type: 'remove',
      target: { device: alice.secrets.device },
      lastAccepted: bob.replica.lastAccepted([alice.secrets.device]),
    })
    await alice.membership.receive(bob.membership.recordsOf(bob.membership.hashes()))
    let renewed = 0
    const onRenewed = (): Promise<void> => {
      renewed += 1
      return Promise.resolve()
    }
    const restored = await alice.restart({ restored: { onRenewed } })
    expect(restored.saveState()).toEqual({ state: 'stopped', reason: 'not-a-member' })
    expect(renewed).toBe(0)

    const invitation = newInvitation('member')
    await bob.membership.append(invitation.body)
    await bob.membership.append(await admission(syncSigner, bob.membership, alice.secrets, 'alice', invitation))
    await alice.membership.receive(bob.membership.recordsOf(bob.membership.hashes()))
    await settle()
    expect(renewed).toBe(1)
    const { doc } = await restored.openDocument(PAPER)
    doc.getText('t').insert(0, 'in again')
    await restored.flush()
    expect(restored.heads().map(({ incarnation }) => incarnation)).toEqual([restored.incarnation()])
  })

  it('goes on under a new incarnation where a snapshot is ahead of its own log', async () => {
    const { alice } = await setUpTwo()
    const backup = alice.entries.copy()
    const { doc, release } = await alice.replica.openDocument(PAPER)
    doc.getText('t').insert(0, 'lost without a trace')
    await release()
    const snapshot = await alice.entries.snapshot(PAPER)
    Object.assign(alice.entries, backup)
    await alice.entries.putSnapshot(PAPER, snapshot!)
    const reopened = await alice.restart()
    expect(textOf((await reopened.openDocument(PAPER)).doc)).toBe('lost without a trace')
    expect(reopened.incarnation()).toBe(1)
  })

  it('goes on saving and shows the rest where something received does not apply, or a listener fails', async () => {
    const { alice, bob } = await setUpTwo()
    const { doc } = await alice.replica.openDocument(PAPER)
    const atBob = await bob.replica.openDocument(PAPER)
    atBob.doc.getText('t').observe(() => {
      throw new Error('an editor that cannot follow')
    })
    doc.getText('t').insert(0, 'words')
    await alice.replica.flush()
    expect(await carryEntries(alice.replica, bob.replica)).toBe(1)
    expect(bob.replica.saveState()).toEqual({ state: 'saved' })
    expect(textOf(atBob.doc)).toBe('words')
  })

  it('keeps structs that wait for others’ through snapshots', async () => {
    const { alice, bob } = await setUpTwo()
    const atAlice = await alice.replica.openDocument(PAPER)
    atAlice.doc.getText('t').insert(0, 'base')
    await alice.replica.flush()
    const base = await alice.replica.read({ device: alice.secrets.device, incarnation: 0 }, 1, 9)
    await bob.replica.receive(base.map(({ bytes }) => bytes))
    const atBob = await bob.replica.openDocument(PAPER)
    atBob.doc.getText('t').insert(4, ' and more')
    await bob.replica.flush()
    const more = await bob.replica.read({ device: bob.secrets.device, incarnation: 0 }, 1, 9)
    // Alice's store has lost her own entry, as one that was never written.
    Object.assign(alice.entries, createMemoryStore())
    const fresh = await alice.restart()
    await fresh.receive(more.map(({ bytes }) => bytes))
    const waiting = await fresh.openDocument(PAPER)
    expect(textOf(waiting.doc)).toBe('')
    await waiting.release()
    const again = await (await alice.restart()).openDocument(PAPER)
    Y.applyUpdateV2(again.doc, Y.encodeStateAsUpdateV2(atAlice.doc), REMOTE)
    expect(textOf(again.doc)).toBe('base and more')
  })

  it('keeps documents apart', async () => {
    const { alice, bob } = await setUpTwo()
    const [one, other] = [await alice.replica.openDocument(PAPER), await alice.replica.openDocument(OTHER)]
    one.doc.getText('t').insert(0, 'one')
    other.doc.getText('t').insert(0, 'other')
    await alice.replica.flush()
    await carryEntries(alice.replica, bob.replica)
    expect(textOf((await bob.replica.openDocument(OTHER)).doc)).toBe('other')
    expect(bob.replica.documents().toSorted()).toEqual([PAPER, OTHER])
  })
})
