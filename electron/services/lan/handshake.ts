/**
 * From a fresh TCP connection to an encrypted stream of messages: the prefix, then Noise XXpsk0 (noiseprotocol.org), each of
 * its three messages behind a length of two bytes, then secret-stream. The static key is random for each connection: it
 * names no person and no computer. Who is at the other end is proved by the session above the link, because the keys
 * that prove it live in the window and never enter this process.
 */
import type { Socket } from 'node:net'
import SecretStream from '@hyperswarm/secret-stream'
import Noise from 'noise-handshake'
import { fromUtf8, utf8 } from '../../../shared/base/bytes.ts'
import type { RoomKeys } from './keys.ts'
import type { LanLimits } from './limits.ts'
import { PREFIX_LENGTH, makePrefix, matchPrefix } from './prefix.ts'

/** Bytes; the longest of the three messages is 32 + 48 + 16 and an instance name. */
const MAX_MESSAGE = 256
const INSTANCE = /^[0-9a-f]{20}$/

export const isInstance = (text: string): boolean => INSTANCE.test(text)

export interface Opened<Room> {
  readonly room: Room
  /** The other's instance name, as it told inside the handshake. */
  readonly instance: string
  readonly initiator: boolean
  readonly stream: SecretStream
}

/** Why a connection did not become a link: a short phrase for the log. */
export class HandshakeRefused extends Error {
  override readonly name = 'HandshakeRefused'
}

/** Rejects when the connection ends first. */
function take(socket: Socket, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      socket.off('readable', attempt)
      socket.off('end', ended)
      socket.off('close', ended)
    }
    const ended = (): void => {
      stop()
      reject(new HandshakeRefused('closed before the handshake was over'))
    }
    const attempt = (): void => {
      const chunk: unknown = socket.read(length)
      if (!(chunk instanceof Buffer)) return
      if (chunk.length < length) return ended()
      stop()
      resolve(chunk)
    }
    socket.on('readable', attempt)
    socket.on('end', ended)
    socket.on('close', ended)
    attempt()
  })
}

async function takeMessage(socket: Socket): Promise<Buffer> {
  const length = (await take(socket, 2)).readUInt16BE()
  if (length === 0 || length > MAX_MESSAGE) throw new HandshakeRefused('a handshake message of a wrong length')
  return take(socket, length)
}

function sendMessage(socket: Socket, message: Buffer): void {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  socket.write(Buffer.concat([length, message]))
}

function receive(noise: Noise, message: Buffer): Buffer {
  try {
    return noise.recv(message)
  } catch (thrown) {
    throw new HandshakeRefused('a handshake that does not fit the room', { cause: thrown })
  }
}

function readInstance(payload: Buffer): string {
  const text = payload.length > 64 ? '' : fromUtf8(payload)
  if (!isInstance(text)) throw new HandshakeRefused('a handshake without a name')
  return text
}

function encrypt(socket: Socket, noise: Noise, initiator: boolean, limits: LanLimits): SecretStream {
  const { tx, rx, hash, rs } = noise
  if (tx === null || rx === null || hash === null || rs === null) throw new HandshakeRefused('an unfinished handshake')
  const handshake = { tx, rx, hash, publicKey: noise.s.publicKey, remotePublicKey: rs }
  const stream = new SecretStream(initiator, socket, { handshake, keepAlive: limits.keepAlive })
  stream.setTimeout(limits.deadAfter)
  return stream
}

function begin(initiator: boolean, keys: RoomKeys, prefix: Uint8Array): Noise {
  const noise = new Noise('XXpsk0', initiator, undefined, { psk: keys.psk })
  noise.initialise(prefix)
  return noise
}

/** Runs `steps` with a limit on time; whatever goes wrong, the socket is destroyed before the promise rejects. */
async function guarded<Value>(socket: Socket, limits: LanLimits, steps: () => Promise<Value>): Promise<Value> {
  let late = false
  const timer = setTimeout(() => {
    late = true
    socket.destroy()
  }, limits.handshakeTimeout)
  try {
    return await steps()
  } catch (thrown) {
    socket.destroy()
    throw late ? new HandshakeRefused('no handshake in time') : thrown
  } finally {
    clearTimeout(timer)
  }
}

export const callRoom = <Room extends { readonly keys: RoomKeys }>(
  socket: Socket,
  room: Room,
  names: { readonly own: string; readonly other: string },
  limits: LanLimits,
): Promise<Opened<Room>> =>
  guarded(socket, limits, async () => {
    const prefix = makePrefix(room.keys, names.other)
    const noise = begin(true, room.keys, prefix)
    socket.write(prefix)
    sendMessage(socket, noise.send(utf8(names.own)))
    const instance = readInstance(receive(noise, await takeMessage(socket)))
    sendMessage(socket, noise.send())
    return { room, instance, initiator: true, stream: encrypt(socket, noise, true, limits) }
  })

export const answerCall = <Room extends { readonly keys: RoomKeys }>(
  socket: Socket,
  rooms: () => Iterable<Room>,
  names: { readonly own: string; readonly answersTo: readonly string[] },
  limits: LanLimits,
): Promise<Opened<Room>> =>
  guarded(socket, limits, async () => {
    const prefix = await take(socket, PREFIX_LENGTH)
    const room = matchPrefix(rooms(), prefix, names.answersTo)
    if (room === undefined) throw new HandshakeRefused('its first bytes name no room of ours')
    const noise = begin(false, room.keys, prefix)
    const instance = readInstance(receive(noise, await takeMessage(socket)))
    sendMessage(socket, noise.send(utf8(names.own)))
    receive(noise, await takeMessage(socket))
    return { room, instance, initiator: false, stream: encrypt(socket, noise, false, limits) }
  })
