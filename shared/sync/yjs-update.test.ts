import fc from 'fast-check'
import * as encoding from 'lib0/encoding'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { CircleId, DeviceId } from '../base/ids.ts'
import { yjsClientIdOf } from '../membership/names.ts'
import { splitUpdate } from './split-update.ts'
import { inspectUpdate, mergeAll } from './yjs-update.ts'

const client = yjsClientIdOf('01'.repeat(16) as CircleId, '02'.repeat(16) as DeviceId, 3)

function docOf(id: number, edit: (text: Y.Text, doc: Y.Doc) => void): { doc: Y.Doc; updates: Uint8Array[] } {
  const doc = new Y.Doc({ gc: false })
  doc.clientID = id
  const updates: Uint8Array[] = []
  doc.on('updateV2', (update: Uint8Array) => void updates.push(update))
  edit(doc.getText('t'), doc)
  return { doc, updates }
}

/** As Yjs lays out the structs of one client, whatever they say. */
function updateOf(structs: readonly Y.Item[]): Uint8Array {
  const encoder = new Y.UpdateEncoderV2()
  encoding.writeVarUint(encoder.restEncoder, 1)
  encoding.writeVarUint(encoder.restEncoder, structs.length)
  encoder.writeClient(client)
  encoding.writeVarUint(encoder.restEncoder, structs[0]!.id.clock)
  for (const struct of structs) struct.write(encoder, 0)
  encoding.writeVarUint(encoder.restEncoder, 0)
  return encoder.toUint8Array()
}

const textOf = (updates: readonly Uint8Array[]): string => {
  const doc = new Y.Doc({ gc: false })
  for (const update of updates) Y.applyUpdateV2(doc, update)
  return doc.getText('t').toJSON()
}

describe('inspectUpdate', () => {
  it('takes what the client wrote and names what it deletes', () => {
    const { doc, updates } = docOf(client, (text) => {
      text.insert(0, 'hello world')
      text.delete(2, 3)
    })
    expect(inspectUpdate(Y.encodeStateAsUpdateV2(doc), client)).toEqual({
      ok: true,
      value: { structs: 3, deletes: [{ client, clock: 2, length: 3 }] },
    })
    expect(inspectUpdate(updates[1]!, client)).toMatchObject({ ok: true, value: { structs: 0 } })
  })

  it('refuses structs of anybody else', () => {
    const { updates } = docOf(client + 1, (text) => text.insert(0, 'forged'))
    expect(inspectUpdate(updates[0]!, client)).toMatchObject({ ok: false, error: 'foreign-client' })
  })

  it('refuses a struct that points at what its own client has not written yet, on which Yjs would throw for ever', () => {
    const [self, ahead] = [Y.createID(client, 0), Y.createID(client, 99)]
    for (const at of [self, ahead]) {
      const structs = [
        new Y.Item(self, null, at, null, null, null, null, new Y.ContentString('x')),
        new Y.Item(self, null, null, null, at, null, null, new Y.ContentString('x')),
        new Y.Item(self, null, null, null, null, at, null, new Y.ContentString('x')),
      ]
      for (const update of structs.map((struct) => updateOf([struct]))) {
        expect(() => Y.applyUpdateV2(new Y.Doc(), update)).toThrow('length')
        expect(inspectUpdate(update, client)).toMatchObject({ ok: false, error: 'bad-update' })
      }
    }
  })

  it('never throws on garbage', () => {
    const answers = (bytes: Uint8Array): boolean => typeof inspectUpdate(bytes, client).ok === 'boolean'
    expect(() => fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), answers))).not.toThrow()
  })

  it('stops at a few bytes that claim a thousand million structs', () => {
    const encoder = new Y.UpdateEncoderV2()
    encoding.writeVarUint(encoder.restEncoder, 1)
    encoding.writeVarUint(encoder.restEncoder, 1_000_000_000)
    encoder.writeClient(client)
    encoding.writeVarUint(encoder.restEncoder, 0)
    for (let index = 0; index < 4; index++) {
      encoder.writeInfo(0)
      encoder.writeLen(1)
    }
    const started = Date.now()
    const bomb = encoder.toUint8Array()
    expect(bomb.length).toBeLessThan(100)
    expect(inspectUpdate(bomb, client)).toMatchObject({ ok: false, error: 'bad-update' })
    expect(Date.now() - started).toBeLessThan(5000)
  })
})

describe('mergeAll', () => {
  it('gives the same bytes whether a run is merged at once or a fold of its beginning first', () => {
    const edit = fc.tuple(fc.nat(1000), fc.nat(3), fc.string({ minLength: 1, maxLength: 4 }))
    fc.assert(
      fc.property(fc.array(edit, { minLength: 3, maxLength: 40 }), fc.nat(100), (edits, cut) => {
        const { updates } = docOf(client, (text) => {
          for (const [at, removed, inserted] of edits) {
            const position = at % (text.length + 1)
            text.delete(position, Math.min(removed, text.length - position))
            text.insert(position, inserted)
          }
        })
        const middle = 1 + (cut % (updates.length - 1))
        const nested = mergeAll([mergeAll(updates.slice(0, middle)), ...updates.slice(middle)])
        expect(nested).toEqual(mergeAll(updates))
      }),
    )
  })
})

describe('splitUpdate', () => {
  it('cuts a long text and many structs, and loses nothing', () => {
    const { doc } = docOf(client, (text) => {
      text.insert(0, 'começo '.repeat(5000))
      for (let index = 0; index < 500; index++) text.insert(index * 3, `${index},`)
      text.delete(100, 900)
    })
    const whole = Y.encodeStateAsUpdateV2(doc)
    const parts = splitUpdate(whole, 2000)
    expect(parts.length).toBeGreaterThan(10)
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(2000)
    expect(parts.every((part) => inspectUpdate(part, client).ok)).toBe(true)
    expect(textOf(parts)).toBe(doc.getText('t').toJSON())
    expect(textOf(parts.toReversed())).toBe(doc.getText('t').toJSON())
  })

  it('does not cut a surrogate pair in two', () => {
    const { doc } = docOf(client, (text) => text.insert(0, `x${'😀'.repeat(3000)}`))
    expect(textOf(splitUpdate(Y.encodeStateAsUpdateV2(doc), 1000)) === doc.getText('t').toJSON()).toBe(true)
  })
})
