import { expect, test } from 'vitest'
import { LAN_LIMITS, createGate, createRefusalLog } from './limits.ts'

const limits = { ...LAN_LIMITS, maxPending: 4, maxPendingPerAddress: 2, maxPerWindow: 3, rateWindow: 1000 }

function setup() {
  const time = { ms: 0 }
  return { time, gate: createGate(limits, { now: () => time.ms }) }
}

function admit(gate: ReturnType<typeof createGate>, address: string): () => void {
  const admission = gate.admit(address)
  if (!admission.ok) throw new Error(admission.reason)
  return () => admission.done()
}

test('handshakes under way are limited for one address and in all, and ending one makes room', () => {
  const { gate } = setup()
  const end = admit(gate, 'a')
  admit(gate, 'a')
  expect(gate.admit('a')).toMatchObject({ ok: false, reason: 'too many handshakes from one address' })
  admit(gate, 'b')
  admit(gate, 'c')
  expect(gate.admit('d')).toMatchObject({ ok: false, reason: 'too many handshakes at once' })
  end()
  end()
  admit(gate, 'd')
  expect(gate.admit('e').ok).toBe(false)
})

test('connections by time are limited, and time makes room', () => {
  const { gate, time } = setup()
  for (let count = 0; count < 3; count++) admit(gate, 'a')()
  expect(gate.admit('a')).toMatchObject({ ok: false, reason: 'too many connections from one address' })
  admit(gate, 'b')()
  time.ms = 1001
  admit(gate, 'a')()
})

test('one line for each address, and not without end', () => {
  const lines: string[] = []
  const refused = createRefusalLog((line) => lines.push(line))
  for (let count = 0; count < 5; count++) refused('10.0.0.9', 'an HTTP request')
  expect(lines).toEqual(['lan: refused a connection with 10.0.0.9: an HTTP request'])
  for (let count = 0; count < 10_000; count++) refused(`fe80::${count}`, 'a scan')
  expect(lines.length).toBe(257)
  expect(lines.at(-1)).toContain('no further ones')
})
