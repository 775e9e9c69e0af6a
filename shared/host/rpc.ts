/**
 * Calls and events over a HostLink. The window holds the client, the host serves; each checks what it gets against
 * shared/host/schemas.ts. Whatever arrives, nothing is thrown out of a link's handler: a refusal has a name and is
 * reported through `onRefused`.
 */
import * as v from 'valibot'
import { describeThrown } from '../base/errors.ts'
import { decodeEnvelope, encodeEnvelope } from './envelope.ts'
import type { Envelope } from './envelope.ts'
import { HostError, toHostError } from './errors.ts'
import type { HostLink } from './host-link.ts'
import type { HostEvent, HostPorts } from './ports.ts'
import { METHODS, hostEvent, isMethodName } from './schemas.ts'
import type { MethodName, MethodParams, MethodResult } from './schemas.ts'

export type RpcRefusal =
  | 'message-too-large'
  | 'malformed-message'
  | 'unexpected-message'
  | 'unknown-method'
  | 'bad-parameters'
  | 'bad-result'
  | 'bad-event'
  | 'handler-failed'

/** Told once for every message refused. */
export type OnRefused = (refusal: RpcRefusal, detail: string) => void

/** Events that wait for the first handler; beyond it the oldest are dropped and reported. */
const MAX_WAITING_EVENTS = 1000

type Handlers = { readonly [Name in MethodName]: (params: MethodParams<Name>) => Promise<MethodResult<Name>> }

const handlersOf = (ports: HostPorts): Handlers => ({
  'info.get': () => ports.info.get(),
  'lan.join': (params) => ports.lan.join(params),
  'lan.leave': (params) => ports.lan.leave(params),
  'lan.send': (params) => ports.lan.send(params),
  'lan.closeLink': (params) => ports.lan.closeLink(params),
  'signaling.serverStatus': () => ports.signaling.serverStatus(),
  'signaling.setServer': (params) => ports.signaling.setServer(params),
  'signaling.relay': (params) => ports.signaling.relay(params),
  'storage.space': () => ports.storage.space(),
  'backups.suggestFolder': () => ports.backups.suggestFolder(),
  'backups.chooseFolder': () => ports.backups.chooseFolder(),
  'backups.checkFolder': (params) => ports.backups.checkFolder(params),
  'backups.begin': (params) => ports.backups.begin(params),
  'backups.append': (params) => ports.backups.append(params),
  'backups.commit': (params) => ports.backups.commit(params),
  'backups.abort': (params) => ports.backups.abort(params),
  'backups.list': (params) => ports.backups.list(params),
  'backups.read': (params) => ports.backups.read(params),
  'backups.remove': (params) => ports.backups.remove(params),
  'backups.tidy': (params) => ports.backups.tidy(params),
  'profile.remembered': () => ports.profile.remembered(),
  'profile.remember': (params) => ports.profile.remember(params),
  'profile.wipe': () => ports.profile.wipe(),
  'files.waiting': () => ports.files.waiting(),
  'files.read': (params) => ports.files.read(params),
  'files.done': (params) => ports.files.done(params),
  'keychain.status': () => ports.keychain.status(),
  'keychain.keep': (params) => ports.keychain.keep(params),
  'keychain.check': (params) => ports.keychain.check(params),
  'keychain.give': (params) => ports.keychain.give(params),
  'keychain.forget': (params) => ports.keychain.forget(params),
})

async function answer<Name extends MethodName>(
  handlers: Handlers,
  method: Name,
  params: unknown,
  onRefused: OnRefused,
): Promise<MethodResult<Name>> {
  const asked = v.safeParse<v.GenericSchema>(METHODS[method].params, params)
  if (!asked.success) {
    onRefused('bad-parameters', `${method}: ${asked.issues[0].message}`)
    throw new HostError('bad-parameters', method)
  }
  const result = await handlers[method](asked.output as MethodParams<Name>)
  const given = v.safeParse<v.GenericSchema>(METHODS[method].result, result)
  if (!given.success) {
    onRefused('bad-result', `${method}: ${given.issues[0].message}`)
    throw new HostError('bad-result', method)
  }
  return given.output as MethodResult<Name>
}

/**
 * Answers the window's calls until the link closes. `subscribe` is handed the function that sends an event to the window
 * and returns the way to stop; serveHost calls that when the link closes.
 */
export function serveHost(
  link: HostLink,
  ports: HostPorts,
  subscribe: (handler: (event: HostEvent) => void) => () => void,
  onRefused: OnRefused = () => {},
): void {
  const handlers = handlersOf(ports)
  let open = true

  const send = (message: Envelope): void => {
    if (!open) return
    const encoded = encodeEnvelope(message)
    if (encoded.ok) return link.send(encoded.value)
    onRefused(encoded.error, encoded.detail ?? '')
    if (message.kind === 'result') send({ kind: 'error', id: message.id, error: encoded.error, detail: '' })
  }

  const serve = async (id: number, method: string, params: unknown): Promise<void> => {
    try {
      if (!isMethodName(method)) {
        onRefused('unknown-method', method)
        throw new HostError('unknown-method', method)
      }
      send({ kind: 'result', id, result: await answer(handlers, method, params, onRefused) })
    } catch (thrown) {
      const { error, detail } = toHostError(thrown)
      send({ kind: 'error', id, error, detail })
    }
  }

  const unsubscribe = subscribe((event) => {
    const checked = v.safeParse(hostEvent, event)
    if (checked.success) send({ kind: 'event', event: checked.output })
    else onRefused('bad-event', checked.issues[0].message)
  })
  link.onClose(() => {
    open = false
    unsubscribe()
  })
  link.onMessage((bytes) => {
    const decoded = decodeEnvelope(bytes)
    if (!decoded.ok) return onRefused(decoded.error, decoded.detail ?? '')
    const message = decoded.value
    if (message.kind !== 'request') return onRefused('unexpected-message', message.kind)
    void serve(message.id, message.method, message.params)
  })
}

export interface HostClient {
  readonly ports: HostPorts
  /** Events that came before the first handler are handed to it, in order. */
  onEvent(handler: (event: HostEvent) => void): () => void
  /** Called once when the host is gone; a handler set later is called at once. Calls under way reject 'host-closed'. */
  onClose(handler: () => void): void
  close(): void
}

interface Waiting {
  readonly method: MethodName
  resolve(value: unknown): void
  reject(reason: HostError): void
}

/** The window's side. Every call rejects with a HostError or resolves with a checked result. */
export function createHostClient(link: HostLink, onRefused: OnRefused = () => {}): HostClient {
  const calls = new Map<number, Waiting>()
  const eventHandlers = new Set<(event: HostEvent) => void>()
  const closeHandlers = new Set<() => void>()
  const early: HostEvent[] = []
  let nextId = 0
  let open = true

  function call<Name extends MethodName>(method: Name, params: MethodParams<Name>): Promise<MethodResult<Name>> {
    if (!open) return Promise.reject(new HostError('host-closed'))
    const asked = v.safeParse<v.GenericSchema>(METHODS[method].params, params)
    if (!asked.success) return Promise.reject(new HostError('bad-parameters', `${method}: ${asked.issues[0].message}`))
    const id = nextId++
    const encoded = encodeEnvelope({ kind: 'request', id, method, params: asked.output })
    if (!encoded.ok) return Promise.reject(new HostError(encoded.error, encoded.detail))
    return new Promise((resolve, reject) => {
      calls.set(id, { method, resolve: (value) => resolve(value as MethodResult<Name>), reject })
      link.send(encoded.value)
    })
  }

  const settle = (id: number, use: (waiting: Waiting) => void): void => {
    const waiting = calls.get(id)
    if (waiting === undefined) return onRefused('unexpected-message', `an answer to ${id}, which was not asked`)
    calls.delete(id)
    use(waiting)
  }

  const finish = (waiting: Waiting, result: unknown): void => {
    const given = v.safeParse<v.GenericSchema>(METHODS[waiting.method].result, result)
    if (given.success) return waiting.resolve(given.output)
    onRefused('bad-result', `${waiting.method}: ${given.issues[0].message}`)
    waiting.reject(new HostError('bad-result', waiting.method))
  }

  const deliver = (event: unknown): void => {
    const checked = v.safeParse(hostEvent, event)
    if (!checked.success) return onRefused('bad-event', checked.issues[0].message)
    if (eventHandlers.size === 0) {
      early.push(checked.output)
      if (early.length > MAX_WAITING_EVENTS) onRefused('bad-event', `dropped unheard: ${early.shift()?.type ?? ''}`)
      return
    }
    for (const handler of eventHandlers) handSafely(handler, checked.output)
  }

  // One handler's failure must neither reach the link nor keep the event from the others.
  const handSafely = (handler: (event: HostEvent) => void, event: HostEvent): void => {
    try {
      handler(event)
    } catch (thrown) {
      onRefused('handler-failed', describeThrown(thrown))
    }
  }

  link.onMessage((bytes) => {
    const decoded = decodeEnvelope(bytes)
    if (!decoded.ok) return onRefused(decoded.error, decoded.detail ?? '')
    const message = decoded.value
    switch (message.kind) {
      case 'request':
        return onRefused('unexpected-message', message.kind)
      case 'result':
        return settle(message.id, (waiting) => finish(waiting, message.result))
      case 'error':
        return settle(message.id, (waiting) => waiting.reject(new HostError(message.error, message.detail)))
      case 'event':
        return deliver(message.event)
    }
  })
  link.onClose(() => {
    open = false
    for (const waiting of calls.values()) waiting.reject(new HostError('host-closed'))
    calls.clear()
    for (const handler of closeHandlers) handler()
    closeHandlers.clear()
  })

  const ports: HostPorts = {
    info: { get: () => call('info.get', undefined) },
    lan: {
      join: (request) => call('lan.join', request),
      leave: (request) => call('lan.leave', request),
      send: (request) => call('lan.send', request),
      closeLink: (request) => call('lan.closeLink', request),
    },
    signaling: {
      serverStatus: () => call('signaling.serverStatus', undefined),
      setServer: (request) => call('signaling.setServer', request),
      relay: (request) => call('signaling.relay', request),
    },
    storage: { space: () => call('storage.space', undefined) },
    profile: {
      remembered: () => call('profile.remembered', undefined),
      remember: (request) => call('profile.remember', request),
      wipe: () => call('profile.wipe', undefined),
    },
    files: {
      waiting: () => call('files.waiting', undefined),
      read: (request) => call('files.read', request),
      done: (request) => call('files.done', request),
    },
    keychain: {
      status: () => call('keychain.status', undefined),
      keep: (request) => call('keychain.keep', request),
      check: (request) => call('keychain.check', request),
      give: (request) => call('keychain.give', request),
      forget: (request) => call('keychain.forget', request),
    },
    backups: {
      suggestFolder: () => call('backups.suggestFolder', undefined),
      chooseFolder: () => call('backups.chooseFolder', undefined),
      checkFolder: (request) => call('backups.checkFolder', request),
      begin: (request) => call('backups.begin', request),
      append: (request) => call('backups.append', request),
      commit: (request) => call('backups.commit', request),
      abort: (request) => call('backups.abort', request),
      list: (request) => call('backups.list', request),
      read: (request) => call('backups.read', request),
      remove: (request) => call('backups.remove', request),
      tidy: (request) => call('backups.tidy', request),
    },
  }

  return {
    ports,
    onEvent(handler) {
      eventHandlers.add(handler)
      for (const event of early.splice(0)) handSafely(handler, event)
      return () => eventHandlers.delete(handler)
    },
    onClose(handler) {
      if (open) closeHandlers.add(handler)
      else handler()
    },
    close: () => link.close(),
  }
}
