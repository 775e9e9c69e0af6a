import { expect, test } from 'vitest'
import { syncSigner } from '../../tests/fixtures/sync-ed25519.ts'
import { createEmitter } from '../../shared/base/emitter.ts'
import type { PresenceEvent } from '../../shared/sync/circle-session.ts'
import { createManualTime, documentId, setUpReplicas } from '../../shared/sync/testing.ts'
import { createPresenceSource } from './presence.ts'

const PAPER = documentId('a')

/** Two who hear each other at once. */
async function setUpTwo() {
  const time = createManualTime()
  const people = await setUpReplicas(['alice', 'bob'], time, syncSigner)
  const air = createEmitter<PresenceEvent>()
  const log: string[] = []
  const two = await Promise.all(
    people.map(async ({ replica, secrets }) => {
      const handle = await replica.openDocument(PAPER)
      const source = createPresenceSource({
        membership: replica.membership,
        clock: time,
        log: (line) => log.push(line),
        carrier: {
          sendPresence: (circle, document, update) =>
            air.emit({
              circle,
              document,
              device: secrets.device,
              incarnation: replica.incarnation(),
              update: new Uint8Array(update),
            }),
          onPresence: (listener) =>
            air.on((event) => {
              if (event.device !== secrets.device) listener(event)
            }),
        },
      })
      return { handle, start: () => source.start(handle), clientId: handle.doc.clientID }
    }),
  )
  return { alice: two[0]!, bob: two[1]!, log, time }
}

test('whoever starts later is told at once where the other one is', async () => {
  const { alice, bob, log } = await setUpTwo()
  const hers = alice.start()
  hers.presence.awareness.setLocalStateField('cursor', { anchor: {}, head: {} })
  const his = bob.start()
  expect(his.presence.awareness.getStates().get(alice.clientId)).toMatchObject({ cursor: {}, user: { name: 'alice' } })
  expect(hers.presence.awareness.getStates().get(bob.clientId)).toMatchObject({ user: { name: 'bob' } })
  expect(log).toEqual([])
  hers.stop()
  his.stop()
})

test('who stopped is gone, and is seen again after starting again', async () => {
  const { alice, bob, time } = await setUpTwo()
  const his = bob.start()
  const hers = alice.start()
  for (let moves = 0; moves < 20; moves++) hers.presence.awareness.setLocalStateField('cursor', { anchor: { moves } })
  const shown = () => his.presence.awareness.getStates().has(alice.clientId)
  expect(shown()).toBe(true)
  hers.stop()
  expect(shown()).toBe(false)
  await time.pass(1000)
  const again = alice.start()
  expect(shown()).toBe(true)
  expect(again.presence.awareness.getStates().has(bob.clientId)).toBe(true)
  again.stop()
  his.stop()
})
