import { describe, expect, it, vi } from 'vitest'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import type { Bytes } from '../base/bytes.ts'
import { admission, newInvitation } from '../membership/testing.ts'
import { decodeEntry } from '../wire/entry.ts'
import { createMemoryStore } from './memory-store.ts'
import { carryEntries, createManualTime, documentId, settle, setUpReplicas, type Person } from './testing.ts'

const PAPER = documentId('a')

const records = ({ membership }: Person): readonly Bytes[] => membership.recordsOf(membership.hashes())

async function tell(from: Person, to: Person): Promise<void> {
  await to.membership.receive(records(from))
  await settle()
}

const removal = (by: Person, whom: Person) =>
  ({
    type: 'remove',
    target: { member: whom.secrets.member },
    lastAccepted: by.replica.lastAccepted([whom.secrets.device]),
  }) as const

async function setUpTwo() {
  const time = createManualTime()
  const [alice, bob] = await setUpReplicas(['alice', 'bob', 'cara'], time, syncSigner)
  return { time, alice: alice!, bob: bob! }
}

const lastEpoch = async ({ replica, secrets }: Person) => {
  const entries = await replica.read({ device: secrets.device, incarnation: replica.incarnation() }, 1, 1000)
  const entry = decodeEntry(entries.at(-1)?.bytes ?? new Uint8Array(0))
  if (!entry.ok) throw new Error('no entry')
  return entry.value.epoch
}

describe('somebody who was taken out', () => {
  it('is told so at once; what was being typed stays, papers open, and receiving breaks nothing', async () => {
    const { time, alice, bob } = await setUpTwo()
    const paper = await bob.replica.openDocument(PAPER)
    paper.doc.getText('t').insert(0, 'saved. ')
    await bob.replica.flush()
    paper.doc.getText('t').insert(0, 'just typed. ')
    const states: string[] = []
    bob.replica.onSaveState((save) => states.push(save.state === 'stopped' ? save.reason : save.state))
    await alice.membership.append(removal(alice, bob))
    await tell(alice, bob)
    expect(bob.replica.saveState()).toEqual({ state: 'stopped', reason: 'not-a-member', unsaved: true })
    await time.pass(60_000)
    expect(states).toEqual(['not-a-member'])
    expect(paper.doc.getText('t').toJSON()).toBe('just typed. saved. ')
    await expect(bob.replica.flush()).rejects.toThrow('stopped')
    await paper.release()
    const again = await bob.replica.openDocument(PAPER)
    expect(again.doc.getText('t').toJSON()).toBe('just typed. saved. ')

    const atAlice = await alice.replica.openDocument(PAPER)
    atAlice.doc.getText('t').insert(0, 'later')
    await alice.replica.flush()
    const report = await carryEntries(alice.replica, bob.replica)
    expect(report).toBe(0)
    expect(bob.replica.saveState()).toEqual({ state: 'stopped', reason: 'not-a-member', unsaved: true })
  })

  it('can read everything after a restart, also where places of its own log are lost', async () => {
    const { alice, bob } = await setUpTwo()
    const paper = await bob.replica.openDocument(PAPER)
    paper.doc.getText('t').insert(0, 'readable')
    await paper.release()
    await alice.membership.append(removal(alice, bob))
    await tell(alice, bob)
    const restarted = await bob.restart()
    expect(restarted.saveState()).toEqual({ state: 'stopped', reason: 'not-a-member' })
    expect((await restarted.openDocument(PAPER)).doc.getText('t').toJSON()).toBe('readable')
    // Only the snapshot is left of what was written.
    const snapshot = await bob.entries.snapshot(PAPER)
    Object.assign(bob.entries, createMemoryStore())
    await bob.entries.putSnapshot(PAPER, snapshot!)
    const poorer = await bob.restart()
    expect((await poorer.openDocument(PAPER)).doc.getText('t').toJSON()).toBe('readable')
    expect(poorer.saveState()).toEqual({ state: 'stopped', reason: 'not-a-member' })
    await poorer.close()
  })

  it('writes on when let in again, what was in memory first', async () => {
    const { alice, bob } = await setUpTwo()
    const paper = await bob.replica.openDocument(PAPER)
    await alice.membership.append(removal(alice, bob))
    paper.doc.getText('t').insert(0, 'typed before he knew')
    await tell(alice, bob)
    const invitation = newInvitation('member')
    await alice.membership.append(invitation.body)
    await alice.membership.append(await admission(syncSigner, alice.membership, bob.secrets, 'bob', invitation))
    await tell(alice, bob)
    expect(bob.replica.saveState()).toEqual({ state: 'saved' })
    await tell(bob, alice)
    await carryEntries(bob.replica, alice.replica)
    expect((await alice.replica.openDocument(PAPER)).doc.getText('t').toJSON()).toBe('typed before he knew')
  })

  it('says that the disk is full rather than that somebody was taken out, and then the other', async () => {
    const { alice, bob } = await setUpTwo()
    await alice.membership.append(removal(alice, bob))
    await tell(alice, bob)
    bob.replica.stopWrites('disk-low')
    expect(bob.replica.saveState()).toEqual({ state: 'stopped', reason: 'disk-low' })
    bob.replica.resumeWrites()
    expect(bob.replica.saveState()).toEqual({ state: 'stopped', reason: 'not-a-member' })
  })
})

describe('a key that somebody absent was given', () => {
  it('is changed before anything is written, also by a member where no organiser did', async () => {
    const { alice, bob } = await setUpTwo()
    const old = alice.membership.state().currentEpoch
    await alice.membership.append(removal(alice, bob))
    expect(alice.membership.sealingEpoch()).toBeUndefined()
    const { doc } = await alice.replica.openDocument(PAPER)
    doc.getText('t').insert(0, 'not for bob')
    await alice.replica.flush()
    expect(alice.replica.saveState()).toEqual({ state: 'saved' })
    const epoch = await lastEpoch(alice)
    expect(epoch).not.toBe(old)
    await tell(alice, bob)
    expect(bob.membership.epochKey(epoch)).toBeUndefined()
  })

  it('leaves nothing half where the computer stops between the key and the entry', async () => {
    const { alice, bob } = await setUpTwo()
    const { doc } = await alice.replica.openDocument(PAPER)
    await alice.membership.append(removal(alice, bob))
    alice.entries.failNextWrite()
    doc.getText('t').insert(0, 'lost with the computer')
    await expect(alice.replica.flush()).rejects.toThrow('made to fail')
    const made = alice.membership.sealingEpoch()
    expect(made).toBeDefined()
    Object.assign(alice.entries, createMemoryStore())
    const again = { ...alice, replica: await alice.restart() }
    const reopened = await again.replica.openDocument(PAPER)
    reopened.doc.getText('t').insert(0, 'written after')
    await again.replica.flush()
    expect(await lastEpoch(again)).toBe(made)
    expect(alice.membership.sealingEpoch()).toBe(made)
  })

  it('waits with what is typed where no key can be had, and saves it when one comes', async () => {
    const { alice } = await setUpTwo()
    const sealing = vi.spyOn(alice.membership, 'sealingEpoch').mockReturnValue(undefined)
    const append = vi.spyOn(alice.membership, 'append').mockResolvedValue({ ok: false, error: 'not-allowed' })
    const { doc } = await alice.replica.openDocument(PAPER)
    doc.getText('t').insert(0, 'waits')
    await expect(alice.replica.flush()).rejects.toThrow('no key')
    expect(alice.replica.saveState()).toEqual({ state: 'saving' })
    sealing.mockRestore()
    append.mockRestore()
    await alice.membership.append({ type: 'profile', name: 'Alice' })
    await settle()
    expect(alice.replica.saveState()).toEqual({ state: 'saved' })
  })
})
