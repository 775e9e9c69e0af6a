/** One binary form for everything that crosses the HostLink: requests, their answers, and events. */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as v from 'valibot'
import { type Result, fail, ok } from '../base/errors.ts'
import { MAX_HOST_MESSAGE } from './schemas.ts'

export type Envelope =
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: string; readonly detail: string }
  | { readonly kind: 'event'; readonly event: unknown }

export type EnvelopeRefusal = 'message-too-large' | 'malformed-message'

const id = v.pipe(v.number(), v.integer(), v.minValue(0))

const envelope: v.GenericSchema<unknown, Envelope> = v.union([
  v.pipe(
    v.strictTuple([v.literal('q'), id, v.pipe(v.string(), v.maxLength(64)), v.unknown()]),
    v.transform(([, id, method, params]) => ({ kind: 'request' as const, id, method, params })),
  ),
  v.pipe(
    v.strictTuple([v.literal('r'), id, v.unknown()]),
    v.transform(([, id, result]) => ({ kind: 'result' as const, id, result })),
  ),
  v.pipe(
    v.strictTuple([v.literal('x'), id, v.pipe(v.string(), v.maxLength(64)), v.pipe(v.string(), v.maxLength(4096))]),
    v.transform(([, id, error, detail]) => ({ kind: 'error' as const, id, error, detail })),
  ),
  v.pipe(
    v.strictTuple([v.literal('e'), v.unknown()]),
    v.transform(([, event]) => ({ kind: 'event' as const, event })),
  ),
])

function toTuple(message: Envelope): unknown[] {
  switch (message.kind) {
    case 'request':
      return ['q', message.id, message.method, message.params]
    case 'result':
      return ['r', message.id, message.result]
    case 'error':
      return ['x', message.id, message.error.slice(0, 64), message.detail.slice(0, 4096)]
    case 'event':
      return ['e', message.event]
  }
}

export function encodeEnvelope(message: Envelope): Result<Uint8Array, 'message-too-large'> {
  const encoder = encoding.createEncoder()
  encoding.writeAny(encoder, toTuple(message) as encoding.AnyEncodable)
  const bytes = encoding.toUint8Array(encoder)
  return bytes.length > MAX_HOST_MESSAGE ? fail('message-too-large', `${bytes.length} bytes`) : ok(bytes)
}

/** Byte strings inside the value are views of `bytes`. */
export function decodeEnvelope(bytes: Uint8Array): Result<Envelope, EnvelopeRefusal> {
  if (bytes.length > MAX_HOST_MESSAGE) return fail('message-too-large', `${bytes.length} bytes`)
  const decoder = decoding.createDecoder(bytes)
  let value: unknown
  try {
    value = decoding.readAny(decoder)
  } catch (thrown) {
    return fail('malformed-message', String(thrown))
  }
  // lib0 bounds a byte string by the underlying buffer, not by the message: what claims to be longer than the message
  // would show a neighbour's memory, so only a value that ends exactly where the message ends is taken.
  if (decoder.pos !== bytes.length) return fail('malformed-message', 'the value does not end with the message')
  const parsed = v.safeParse(envelope, value)
  return parsed.success ? ok(parsed.output) : fail('malformed-message', 'not an envelope')
}
