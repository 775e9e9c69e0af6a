/**
 * Speaks to the browser we started over two inherited pipes (the DevTools protocol, one JSON text and a zero byte per
 * message). Pipes, because a debugging port would be open to every program of the computer.
 */
import type { Readable, Writable } from 'node:stream'
import * as v from 'valibot'
import { createEmitter } from '../../shared/base/emitter.ts'

const message = v.union([
  v.object({ id: v.number(), result: v.record(v.string(), v.unknown()) }),
  v.object({ id: v.number(), error: v.object({ message: v.string() }) }),
  v.object({ method: v.string(), params: v.optional(v.record(v.string(), v.unknown()), {}) }),
])

export interface DevtoolsEvent {
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}

export interface Devtools {
  /** Rejects with the browser's own words, or 'browser-closed'. */
  call(
    method: string,
    params?: Readonly<Record<string, unknown>>,
    sessionId?: string,
  ): Promise<Readonly<Record<string, unknown>>>
  onEvent(handler: (event: DevtoolsEvent) => void): () => void
}

export function connectDevtools(input: Writable, output: Readable, log: (line: string) => void): Devtools {
  const events = createEmitter<DevtoolsEvent>()
  const calls = new Map<number, PromiseWithResolvers<Readonly<Record<string, unknown>>>>()
  let nextId = 1
  let open = true
  let rest = ''

  const receive = (text: string): void => {
    const parsed = v.safeParse(message, parseJson(text))
    if (!parsed.success) return log('browser: a message was not understood')
    if ('method' in parsed.output) return events.emit(parsed.output)
    const call = calls.get(parsed.output.id)
    calls.delete(parsed.output.id)
    if ('error' in parsed.output) call?.reject(new Error(parsed.output.error.message))
    else call?.resolve(parsed.output.result)
  }

  const end = (): void => {
    open = false
    for (const call of calls.values()) call.reject(new Error('browser-closed'))
    calls.clear()
  }

  output.setEncoding('utf8')
  output.on('data', (chunk: string) => {
    const texts = (rest + chunk).split('\0')
    rest = texts.pop() ?? ''
    for (const text of texts) receive(text)
  })
  output.on('close', end)
  output.on('error', end)
  input.on('error', end)

  return {
    call(method, params = {}, sessionId) {
      if (!open) return Promise.reject(new Error('browser-closed'))
      const id = nextId++
      const call = withResolvers<Readonly<Record<string, unknown>>>()
      calls.set(id, call)
      input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
      return call.promise
    },
    onEvent: (handler) => events.on(handler),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not an object, and so refused by name with whatever else is not a message.
    return undefined
  }
}

interface PromiseWithResolvers<Value> {
  readonly promise: Promise<Value>
  readonly resolve: (value: Value) => void
  readonly reject: (reason: Error) => void
}

/** Promise.withResolvers is missing from Node 20. */
function withResolvers<Value>(): PromiseWithResolvers<Value> {
  let resolve: (value: Value) => void = () => {}
  let reject: (reason: Error) => void = () => {}
  const promise = new Promise<Value>((resolveIt, rejectIt) => {
    resolve = resolveIt
    reject = rejectIt
  })
  return { promise, resolve, reject }
}
