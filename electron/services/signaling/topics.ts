/**
 * y-webrtc's signalling protocol (its bin/server.js): subscribe, unsubscribe, publish, ping, as JSON. What passes here is a
 * topic's name, which the clients derive from a secret, and a message they have encrypted: this server can tell that
 * some computers talk and when, never who they are or about what.
 */
import * as v from 'valibot'
import { type Result, fail, ok } from '../../../shared/base/errors.ts'

export const MAX_TOPICS = 64
const MAX_ALL_TOPICS = 8192
const MAX_TOPIC_LENGTH = 256

const topic = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TOPIC_LENGTH))
const topics = v.pipe(v.array(topic), v.maxLength(MAX_TOPICS))

const message = v.variant('type', [
  v.object({ type: v.literal('subscribe'), topics }),
  v.object({ type: v.literal('unsubscribe'), topics }),
  v.object({ type: v.literal('publish'), topic, data: v.unknown() }),
  v.object({ type: v.literal('ping') }),
])

export type SignalingMessage = v.InferOutput<typeof message>

export function readMessage(text: string): Result<SignalingMessage, 'malformed-message'> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return fail('malformed-message', 'not JSON')
  }
  const parsed = v.safeParse(message, value)
  return parsed.success ? ok(parsed.output) : fail('malformed-message', parsed.issues[0].message)
}

export interface Topics<Client> {
  /** False where the client, or the server, has as many topics as it may. */
  subscribe(client: Client, name: string): boolean
  unsubscribe(client: Client, name: string): void
  subscribers(name: string): ReadonlySet<Client>
  leave(client: Client): void
  /** Topics with at least one subscriber. */
  count(): number
}

export function createTopics<Client>(): Topics<Client> {
  const byTopic = new Map<string, Set<Client>>()
  const byClient = new Map<Client, Set<string>>()
  const nobody: ReadonlySet<Client> = new Set()

  const unsubscribe = (client: Client, name: string): void => {
    byClient.get(client)?.delete(name)
    const subscribers = byTopic.get(name)
    subscribers?.delete(client)
    if (subscribers?.size === 0) byTopic.delete(name)
  }

  return {
    subscribe(client, name) {
      const own = byClient.get(client) ?? new Set()
      if (own.has(name)) return true
      if (own.size >= MAX_TOPICS) return false
      if (!byTopic.has(name) && byTopic.size >= MAX_ALL_TOPICS) return false
      byClient.set(client, own.add(name))
      byTopic.set(name, (byTopic.get(name) ?? new Set()).add(client))
      return true
    },
    unsubscribe,
    subscribers: (name) => byTopic.get(name) ?? nobody,
    leave(client) {
      for (const name of byClient.get(client) ?? []) unsubscribe(client, name)
      byClient.delete(client)
    },
    count: () => byTopic.size,
  }
}
