/** Cuts an update that is too large for one entry into several that say the same together. */
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'

type Struct = ReturnType<typeof Y.decodeUpdateV2>['structs'][number]
type Deletes = ReturnType<typeof Y.decodeUpdateV2>['ds']

/** A right half of its own, joined to the left by its origin, exactly as Yjs splits an item when something is typed into it. */
function cutItem(item: Y.Item, at: number): Y.Item {
  const { client, clock } = item.id
  const origin = Y.createID(client, clock + at - 1)
  const right = new Y.Item(
    Y.createID(client, clock + at),
    null,
    origin,
    null,
    item.rightOrigin,
    item.parent,
    item.parentSub,
    item.content.splice(at),
  )
  item.length = item.content.getLength()
  return right
}

/** Yjs replaces both halves of a surrogate pair that is cut in two. */
const cutPoint = (text: string, longest: number): number =>
  text.charCodeAt(longest - 1) >> 10 === 0x36 && longest > 1 ? longest - 1 : longest

/** Only text is worth cutting: one picture or attribute value is one thing. */
function cutLongTexts(structs: readonly Struct[], longest: number): Struct[] {
  const pieces: Struct[] = []
  for (const struct of structs) {
    let rest = struct
    while (rest instanceof Y.Item && rest.content instanceof Y.ContentString && rest.length > longest) {
      const right = cutItem(rest, cutPoint(rest.content.str, longest))
      pieces.push(rest)
      rest = right
    }
    pieces.push(rest)
  }
  return pieces
}

/** Structs of one client, in order of clock, in the layout of Yjs's `writeClientsStructs`; a gap becomes a Skip. */
function encodeStructs(structs: readonly Struct[], deletes: Deletes | undefined): Uint8Array {
  const encoder = new Y.UpdateEncoderV2()
  const [first] = structs
  encoding.writeVarUint(encoder.restEncoder, first === undefined ? 0 : 1)
  if (first !== undefined) {
    encoding.writeVarUint(encoder.restEncoder, structs.length)
    encoder.writeClient(first.id.client)
    encoding.writeVarUint(encoder.restEncoder, first.id.clock)
    for (const struct of structs) struct.write(encoder, 0)
  }
  writeDeletes(encoder, deletes)
  return encoder.toUint8Array()
}

function writeDeletes(encoder: Y.UpdateEncoderV2, deletes: Deletes | undefined): void {
  const clients = [...(deletes?.clients ?? [])].toSorted(([a], [b]) => b - a)
  encoding.writeVarUint(encoder.restEncoder, clients.length)
  for (const [client, ranges] of clients) {
    encoder.resetDsCurVal()
    encoding.writeVarUint(encoder.restEncoder, client)
    encoding.writeVarUint(encoder.restEncoder, ranges.length)
    for (const { clock, len } of ranges) {
      encoder.writeDsClock(clock)
      encoder.writeDsLen(len)
    }
  }
}

function halves(structs: readonly Struct[], largest: number): Uint8Array[] {
  const whole = encodeStructs(structs, undefined)
  if (whole.length <= largest || structs.length <= 1) return [whole]
  const middle = structs.length >> 1
  return [...halves(structs.slice(0, middle), largest), ...halves(structs.slice(middle), largest)]
}

/**
 * For an update with the structs of one client. Each part is at most `largest` bytes, save where a single value (a picture)
 * is larger by itself. Deletions come last, so that every part may be applied in turn.
 */
export function splitUpdate(update: Uint8Array, largest: number): readonly Uint8Array[] {
  if (update.length <= largest) return [update]
  const { structs, ds } = Y.decodeUpdateV2(update)
  // UTF-8 needs at most three bytes for each UTF-16 unit.
  const pieces = cutLongTexts(structs, Math.floor(largest / 4))
  const parts = pieces.length === 0 ? [] : halves(pieces, largest)
  return ds.clients.size === 0 ? parts : [...parts, encodeStructs([], ds)]
}
