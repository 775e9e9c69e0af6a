/** The parent's side of a LAN service in a namespace: the same LanPort and events, over Node's IPC channel. */
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { createEmitter } from '../../shared/base/emitter.ts'
import type { LanEvent, LanPort } from '../../shared/host/ports.ts'
import type { Machine } from './namespaces.ts'

type Params<Method extends keyof LanPort> = Parameters<LanPort[Method]>[0]

export type MachineCall = { readonly id: number } & (
  | { readonly method: 'join'; readonly request: Params<'join'> }
  | { readonly method: 'leave'; readonly request: Params<'leave'> }
  | { readonly method: 'send'; readonly request: Params<'send'> }
  | { readonly method: 'closeLink'; readonly request: Params<'closeLink'> }
  | { readonly method: 'close'; readonly request: null }
)

export type MachineMessage =
  | { readonly type: 'started' }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'event'; readonly event: LanEvent }
  | { readonly type: 'answer'; readonly id: number; readonly error: string }

export interface RemoteLan {
  readonly lan: LanPort
  readonly log: readonly string[]
  readonly pid: number
  onEvent(handler: (event: LanEvent) => void): () => void
  close(): Promise<void>
}

const ROOT = join(import.meta.dirname, '../..')

/**
 * Node 20 does not run TypeScript: bundles `entry` (a path from the project's root) into one .mjs inside node_modules, so
 * that the libraries it imports are found. `remove` deletes it.
 */
export async function bundleForNode(entry: string): Promise<{ readonly file: string; remove(): Promise<void> }> {
  const outDir = await mkdtemp(join(ROOT, 'node_modules/.teatray-bundle-'))
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(ROOT, entry),
      outDir,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'entry.mjs' } },
    },
  })
  return { file: join(outDir, 'entry.mjs'), remove: () => rm(outDir, { recursive: true, force: true }) }
}

const started = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the service in the namespace ended with ${code}`)))
    child.on('message', (message: MachineMessage) => {
      if (message.type === 'started') resolve()
    })
  })

/** Starts the service bundled from lan-machine.ts in the namespace. */
export async function startRemoteLan(machine: Machine, file: string): Promise<RemoteLan> {
  const child = machine.spawn(process.execPath, [file], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  const events = createEmitter<LanEvent>()
  const calls = new Map<number, (error: string) => void>()
  const log: string[] = []
  let nextId = 0

  child.on('message', (message: MachineMessage) => {
    if (message.type === 'log') log.push(message.line)
    if (message.type === 'event') events.emit(message.event)
    if (message.type === 'answer') calls.get(message.id)?.(message.error)
  })
  child.on('exit', () => {
    for (const settle of calls.values()) settle('host-closed')
  })
  await started(child)

  const call = (request: MachineCall extends infer Call ? (Call extends unknown ? Omit<Call, 'id'> : never) : never) =>
    new Promise<void>((resolve, reject) => {
      const id = nextId++
      calls.set(id, (error) => {
        calls.delete(id)
        if (error === '') resolve()
        else reject(new Error(error))
      })
      if (child.connected) child.send({ id, ...request })
      else calls.get(id)?.('host-closed')
    })

  return {
    log,
    pid: child.pid ?? 0,
    onEvent: (handler) => events.on(handler),
    lan: {
      join: (request) => call({ method: 'join', request }),
      leave: (request) => call({ method: 'leave', request }),
      send: (request) => call({ method: 'send', request }),
      closeLink: (request) => call({ method: 'closeLink', request }),
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      await call({ method: 'close', request: null }).catch(() => undefined)
      child.disconnect()
      await ended
    },
  }
}
