/**
 * y-webrtc's signalling protocol with what tests need beside it: it can be stopped and started again on its port, and it
 * remembers and repeats what was published, as a hostile server could.
 */
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

export interface TestSignaling {
  readonly url: string
  /** Every publish message, as it came. */
  readonly published: readonly string[]
  subscribers(topic: string): number
  topics(): string[]
  /** To all who subscribed, as if somebody had published it. */
  inject(topic: string, data: unknown): void
  /** Offers and answers vanish, announces pass. */
  loseDescriptions(lose: boolean): void
  stop(): Promise<void>
  start(): Promise<void>
}

/** Characters; a description is ten times as long. */
const LONGEST_ANNOUNCE = 400

interface Message {
  readonly type: string
  readonly topic?: string
  readonly topics?: readonly string[]
}

export async function startTestSignaling(): Promise<TestSignaling> {
  const published: string[] = []
  let subscriptions = new Map<WebSocket, Set<string>>()
  let server: WebSocketServer | undefined
  let port = 0
  let losing = false

  const publish = (topic: string, text: string) => {
    for (const [socket, topics] of subscriptions) if (topics.has(topic)) socket.send(text)
  }

  function receive(socket: WebSocket, text: string): void {
    const message = JSON.parse(text) as Message
    const own = subscriptions.get(socket)
    if (message.type === 'subscribe') for (const topic of message.topics ?? []) own?.add(topic)
    if (message.type === 'unsubscribe') for (const topic of message.topics ?? []) own?.delete(topic)
    if (message.type === 'ping') socket.send('{"type":"pong"}')
    if (message.type !== 'publish' || message.topic === undefined) return
    published.push(text)
    if (losing && text.length > LONGEST_ANNOUNCE) return
    publish(message.topic, text)
  }

  async function start(): Promise<void> {
    const next = new WebSocketServer({ host: '127.0.0.1', port })
    next.on('connection', (socket) => {
      subscriptions.set(socket, new Set())
      socket.on('message', (data) => receive(socket, (data as Buffer).toString()))
      socket.on('close', () => subscriptions.delete(socket))
    })
    await new Promise((listening) => next.once('listening', listening))
    port = (next.address() as AddressInfo).port
    server = next
  }

  async function stop(): Promise<void> {
    const old = server
    server = undefined
    for (const socket of subscriptions.keys()) socket.terminate()
    subscriptions = new Map()
    if (old !== undefined) await new Promise((closed) => old.close(closed))
  }

  await start()
  return {
    get url() {
      return `ws://127.0.0.1:${port}`
    },
    published,
    subscribers: (topic) => [...subscriptions.values()].filter((topics) => topics.has(topic)).length,
    topics: () => [...new Set([...subscriptions.values()].flatMap((topics) => [...topics]))],
    inject: (topic, data) => publish(topic, JSON.stringify({ type: 'publish', topic, data })),
    loseDescriptions(lose) {
      losing = lose
    },
    stop,
    start,
  }
}
