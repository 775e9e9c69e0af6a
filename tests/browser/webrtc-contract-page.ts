import type { createWebrtcTransport } from '../../renderer/transports/webrtc/index.ts'
import { type MakePair, TRANSPORT_CASES, runCase } from '../contracts/transport-cases.ts'

interface Side {
  readonly createWebrtcTransport: typeof createWebrtcTransport
}

declare global {
  interface Window {
    caseNames: readonly string[]
    /** Resolves to what is wrong, or to nothing. */
    runCase(name: string, direction: 'left-to-right' | 'right-to-left', signaling: string): Promise<string | undefined>
  }
}

// Not a literal, or the bundler would look for it.
const load = (address: string) => import(/* @vite-ignore */ address) as Promise<Side>
const uncaught: string[] = []
window.addEventListener('unhandledrejection', (event) => uncaught.push(`unhandled: ${String(event.reason)}`))
window.addEventListener('error', (event) => uncaught.push(`uncaught: ${event.message}`))

const makePair =
  (signaling: string): MakePair =>
  async () => {
    const sides = await Promise.all([load('/side.js?left'), load('/side.js?right')])
    const [left, right] = sides.map((side) =>
      side.createWebrtcTransport({ signaling: () => [signaling], iceServers: () => [], log: () => undefined }),
    )
    if (left === undefined || right === undefined) throw new Error('two sides')
    return {
      left,
      right,
      close() {
        left.close()
        right.close()
        return Promise.resolve()
      },
    }
  }

window.caseNames = TRANSPORT_CASES.map(({ name }) => name)
window.runCase = async (name, direction, signaling) => {
  const testCase = TRANSPORT_CASES.find((candidate) => candidate.name === name)
  if (testCase === undefined) return `no case is called ${name}`
  uncaught.length = 0
  try {
    await runCase(testCase, makePair(signaling), direction)
  } catch (thrown) {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  }
  return uncaught.length === 0 ? undefined : uncaught.join('; ')
}
