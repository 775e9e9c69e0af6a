/** The three signals two Teatrays exchange. Everything else y-webrtc would act on is refused before it sees it. */
import { fail, ok, type Result } from '../../../shared/base/errors.ts'

export type Signal =
  | { readonly type: 'announce'; readonly from: string; readonly to: string | undefined }
  | { readonly type: 'offer' | 'answer'; readonly from: string; readonly to: string }

/** y-webrtc names itself by a random UUID in each room. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** A description with sound or pictures in it would make the browser build receivers for them. */
const MEDIA_SECTION = /^m=(?!application )/m

type Refusal = 'malformed-signal'
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value)

function readDescription(signal: unknown): 'offer' | 'answer' | undefined {
  if (!isRecord(signal) || typeof signal['sdp'] !== 'string') return undefined
  if (Object.keys(signal).some((field) => field !== 'type' && field !== 'sdp')) return undefined
  if (!/^m=application /m.test(signal['sdp']) || MEDIA_SECTION.test(signal['sdp'])) return undefined
  return signal['type'] === 'offer' || signal['type'] === 'answer' ? signal['type'] : undefined
}

export function parseSignal(content: unknown): Result<Signal, Refusal> {
  if (!isRecord(content)) return fail('malformed-signal', 'not a record')
  const { from, to, type, signal } = content as Readonly<Record<'from' | 'to' | 'type' | 'signal', unknown>>
  if (!isId(from)) return fail('malformed-signal', 'from')
  if (type === 'announce') {
    return to === undefined || isId(to) ? ok({ type, from, to }) : fail('malformed-signal', 'to')
  }
  const description = type === 'signal' ? readDescription(signal) : undefined
  if (description === undefined) return fail('malformed-signal', 'description')
  return isId(to) ? ok({ type: description, from, to }) : fail('malformed-signal', 'to')
}
