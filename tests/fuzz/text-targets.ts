/** What comes as text or as another library's values: typed codes, JSON of files and sockets, DNS packets, signals. */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as dns from 'dns-packet'
import { fromBase64, toBase64 } from 'lib0/buffer'
import { toHex, utf8, type Bytes } from '../../shared/base/bytes.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { decodeEnvelope, encodeEnvelope, type Envelope } from '../../shared/host/envelope.ts'
import { checkCode, formatCode, readCode } from '../../shared/joining/code.ts'
import { readRecords, toRecords } from '../../electron/services/lan/announcement.ts'
import { isInstance } from '../../electron/services/lan/handshake.ts'
import { readMessage } from '../../electron/services/signaling/topics.ts'
import { decodeKeyring, encodeKeyring, type Keyring } from '../../renderer/keyring/format.ts'
import { decodeSettings, defaultSettings, encodeSettings } from '../../renderer/session/settings.ts'
import { parseSignal } from '../../renderer/transports/webrtc/signal.ts'
import { openSignal, sealSignal } from '../../renderer/transports/webrtc/signal-box.ts'
import { isSample, must, type Target } from './target.ts'

const lossy = new TextDecoder('utf-8')
const textOf = (bytes: Bytes): string => lossy.decode(bytes)

const codes = ['one', 'two', 'three'].map((name) => formatCode(hash('fuzz code', utf8(name)).slice(0, 8)))

const settingsSample = {
  ...defaultSettings,
  sync: {
    lan: false,
    internet: true,
    signalingAddresses: ['ws://192.168.1.7:4455', 'wss://meet.example'],
    iceServers: ['turn:192.168.1.7:3478'],
  },
}

const keyring: Keyring = {
  label: 'Ada',
  rootCheck: hash('fuzz sample', utf8('root')),
  wrappers: [
    {
      type: 'passphrase',
      id: hash('fuzz sample', utf8('id')).slice(0, 16),
      createdAt: 1,
      memoryKiB: 65_536,
      passes: 3,
      salt: hash('fuzz sample', utf8('salt')).slice(0, 16),
      sealed: new Uint8Array(72),
    },
    {
      type: 'keychain',
      id: hash('fuzz sample', utf8('keychain')).slice(0, 16),
      createdAt: 2,
      sealed: new Uint8Array(88),
    },
    { type: 'recovery code', later: true },
  ],
}

/** With the sum made right again, so that what is behind it is reached. */
function withRightSum(text: string): string {
  const end = text.indexOf('\n')
  const body = text.slice(end + 1)
  return `teatray-keyring 1 ${toHex(hash('keyring text', utf8(body)))}\n${body}`
}

const instance = '0123456789abcdef0123'
const packets = [4, 8, 48].map((slots) =>
  dns.encode({
    type: 'response',
    answers: toRecords({
      instance,
      port: 4455,
      slots: Array.from({ length: slots }, (_, at) => hash('fuzz slot', Uint8Array.of(at)).slice(0, 16)),
    }),
  }),
)

const FROM = '00000000-0000-4000-8000-000000000000'
const TO = 'ffffffff-ffff-4fff-8fff-ffffffffffff'
const SDP = 'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n'
const signals = [
  { type: 'announce', from: FROM },
  { type: 'announce', from: FROM, to: TO },
  { type: 'signal', from: FROM, to: TO, token: 1.5, signal: { type: 'offer', sdp: SDP } },
  { type: 'signal', from: FROM, to: TO, token: 2.5, signal: { type: 'answer', sdp: SDP } },
]

const anyBytes = (value: unknown): Bytes => {
  const encoder = encoding.createEncoder()
  encoding.writeAny(encoder, value as encoding.AnyEncodable)
  return new Uint8Array(encoding.toUint8Array(encoder))
}

const ENVELOPES: readonly Envelope[] = [
  { kind: 'request', id: 1, method: 'info.get', params: undefined },
  { kind: 'request', id: 2, method: 'lan.join', params: { roomId: 'r', key: new Uint8Array(32) } },
  { kind: 'request', id: 3, method: 'lan.send', params: { linkId: 'l', frame: Uint8Array.of(1, 2, 3) } },
  { kind: 'result', id: 4, result: { freeBytes: 12.5, low: false } },
  { kind: 'error', id: 5, error: 'link-closed', detail: 'gone' },
  { kind: 'event', event: { type: 'lan-frame', linkId: 'l', frame: Uint8Array.of(9) } },
]

export const envelopes: readonly Bytes[] = ENVELOPES.map((message) => {
  const encoded = encodeEnvelope(message)
  if (!encoded.ok) throw new Error(encoded.error)
  return new Uint8Array(encoded.value)
})

const JSON_MESSAGES = [
  { type: 'subscribe', topics: ['a', 'b'] },
  { type: 'unsubscribe', topics: ['a'] },
  { type: 'publish', topic: 'a', data: { deep: [1, { deeper: 'x' }] } },
  { type: 'ping' },
]

/** Bytes shown of a message never reach beyond it, whatever buffer it lies in. */
const within = (value: unknown): number => {
  if (value instanceof Uint8Array) return value.length
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, each) => sum + within(each), 0)
}

export async function createTextTargets(): Promise<readonly Target[]> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt'])
  const sealedSignals = [
    new Uint8Array(fromBase64(await sealSignal({ type: 'announce', from: FROM }, key))),
    new Uint8Array(fromBase64(await sealSignal({ type: 'announce', from: FROM, to: TO }, key))),
  ]
  return [
    {
      name: 'typed code',
      share: 2,
      samples: codes.map((code) => utf8(code)),
      counted: false,
      offer(bytes) {
        const text = textOf(bytes)
        const read = readCode(text)
        must((checkCode(text) === undefined) === read.ok, 'checkCode and readCode differ')
        if (!read.ok) return read.detail ?? ''
        const again = readCode(formatCode(read.value))
        must(again.ok && toHex(again.value) === toHex(read.value), 'a code that does not read back')
        return 'accepted'
      },
    },
    {
      name: 'settings',
      share: 2,
      samples: [encodeSettings(defaultSettings), encodeSettings(settingsSample)],
      counted: false,
      offer(bytes) {
        const settings = decodeSettings(bytes)
        const again = decodeSettings(encodeSettings(settings))
        must(JSON.stringify(again) === JSON.stringify(settings), 'settings that do not read back')
        must(
          settings.sync.signalingAddresses.every((each) => /^wss?:/i.test(each)),
          'an address of another kind',
        )
        return JSON.stringify(settings) === JSON.stringify(defaultSettings) ? 'defaults' : 'accepted'
      },
    },
    {
      name: 'keyring',
      share: 2,
      samples: [utf8(encodeKeyring(keyring))],
      counted: false,
      offer(bytes) {
        const text = textOf(bytes)
        const plain = decodeKeyring(text)
        must(!plain.ok || text === encodeKeyring(keyring), 'a keyring with a wrong sum was taken')
        const read = decodeKeyring(withRightSum(text))
        if (!read.ok) return read.error
        for (const wrapper of read.value.wrappers) {
          const cost = 'memoryKiB' in wrapper ? Number(wrapper.memoryKiB) : 0
          must(cost <= 1024 * 1024, 'a cost that would freeze the window')
        }
        return decodeKeyring(encodeKeyring(read.value)).ok ? 'accepted' : 'does not read back'
      },
    },
    {
      name: 'mDNS packet',
      share: 3,
      samples: packets.map((packet) => new Uint8Array(packet)),
      counted: false,
      offer(bytes) {
        let packet: dns.Packet
        try {
          packet = dns.decode(Buffer.from(bytes))
        } catch {
          // As multicast-dns does: a packet that does not decode is a warning.
          return 'not a packet'
        }
        const said = readRecords([...(packet.answers ?? []), ...(packet.additionals ?? [])])
        if (said === undefined) return 'passed over'
        if (said.type === 'gone') return isInstance(said.instance) ? 'gone' : 'not a name'
        const { announcement } = said
        must(isInstance(announcement.instance), 'an announcement without a name')
        must(Number.isInteger(announcement.port) && announcement.port > 0, 'an announcement without a port')
        must(
          announcement.slots.length <= 48 && announcement.slots.every((slot) => slot.length === 16),
          'slots of another size',
        )
        return 'accepted'
      },
    },
    {
      name: 'signalling JSON',
      share: 3,
      samples: JSON_MESSAGES.map((message) => utf8(JSON.stringify(message))),
      counted: false,
      offer(bytes) {
        const read = readMessage(textOf(bytes))
        if (!read.ok) return read.error
        const message = read.value
        if (message.type === 'subscribe') must(message.topics.length <= 64, 'more topics than a client may have')
        return 'accepted'
      },
    },
    {
      name: 'signal',
      share: 3,
      samples: signals.map(anyBytes),
      counted: false,
      offer(bytes) {
        let content: unknown
        try {
          content = decoding.readAny(decoding.createDecoder(bytes))
        } catch {
          return 'not a value'
        }
        const read = parseSignal(content)
        return read.ok ? 'accepted' : read.error
      },
    },
    {
      name: 'sealed signal',
      share: 1,
      samples: sealedSignals,
      counted: false,
      async offer(bytes) {
        if (isSample(sealedSignals, bytes)) return 'a sample again'
        const read = await openSignal(toBase64(bytes), key)
        // Bytes after the box are read by nobody: y-webrtc opens the same box, and its nonce counts once.
        if (read.ok)
          must(
            sealedSignals.some((sample) => Buffer.from(bytes).subarray(0, sample.length).equals(sample)),
            'a changed signal opened',
          )
        return read.ok ? 'bytes after the box' : read.error
      },
    },
    {
      name: 'host envelope',
      share: 5,
      samples: envelopes,
      counted: false,
      offer(bytes) {
        // In the middle of a larger buffer, as a message port's copy may lie.
        const inside = new Uint8Array(bytes.length + 64).fill(0xee)
        inside.set(bytes, 32)
        const read = decodeEnvelope(inside.subarray(32, 32 + bytes.length))
        if (!read.ok) return read.error
        must(within(read.value) <= bytes.length, 'bytes from beyond the message')
        return 'accepted'
      },
    },
  ]
}
