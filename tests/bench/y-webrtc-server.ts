/**
 * y-webrtc's own signalling server, for plain y-webrtc: ours has limits (64 topics a client), and a hundred papers with a room
 * each would never meet there.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { resolve } from 'node:path'

const PROGRAM = resolve(import.meta.dirname, '../../node_modules/y-webrtc/bin/server.js')

/** It cannot choose one by itself. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, () => listening()))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

export interface YWebrtcServer {
  readonly url: string
  close(): Promise<void>
}

export async function startYWebrtcServer(): Promise<YWebrtcServer> {
  const port = await freePort()
  const child = spawn(process.execPath, [PROGRAM], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const started = once(child.stdout, 'data')
  await Promise.race([
    started,
    ended.then(([code]) => Promise.reject(new Error(`y-webrtc's signalling server ended with ${code}`))),
  ])
  return {
    url: `ws://127.0.0.1:${port}`,
    async close() {
      child.kill()
      await ended
    },
  }
}
