/**
 * How a second start of the same profile reaches the first, over the profile's own port. Each side proves that it can read
 * the profile, and the secret itself never crosses: whoever else holds the port learns nothing to use later.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Result, describeThrown, fail, ok } from '../../shared/base/errors.ts'

export const CHALLENGE_PATH = '/instance/challenge'
export const SHOW_PATH = '/instance/show'
const WAIT = 5_000

type Role = 'ask' | 'answer'

const proof = (secret: string, role: Role, challenge: string, text: string): string =>
  createHmac('sha256', secret).update(`teatray instance 1\n${role}\n${challenge}\n${text}`).digest('hex')

function isProof(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

export interface InstanceDoor {
  challenge(): string
  /** Undefined where the proof is not good: nothing is done then. */
  show(body: string): Promise<string | undefined>
}

/** `show` brings the window to the front, or returns a one-time address where there is no window. */
export function createInstanceDoor(secret: string, show: () => Promise<{ url: string }>): InstanceDoor {
  let current = ''
  return {
    challenge: () => (current = randomBytes(32).toString('hex')),
    async show(body) {
      const challenge = current
      // One challenge, one try.
      current = ''
      if (challenge === '' || !isProof(body, proof(secret, 'ask', challenge, ''))) return undefined
      const { url } = await show()
      return `${proof(secret, 'answer', challenge, url)} ${url}`
    },
  }
}

/**
 * Asks the host on `port` to show itself. Its answer is a one-time address where it has no window of its own, else empty.
 * 'not-teatray': the port belongs to something that cannot read this profile.
 */
export async function askToShow(port: number, secret: string): Promise<Result<{ url: string }, 'not-teatray'>> {
  const base = `http://127.0.0.1:${port}`
  try {
    const asked = await fetch(base + CHALLENGE_PATH, { signal: AbortSignal.timeout(WAIT) })
    const challenge = (await asked.text()).slice(0, 64)
    const body = proof(secret, 'ask', challenge, '')
    const answered = await fetch(base + SHOW_PATH, { method: 'POST', body, signal: AbortSignal.timeout(WAIT) })
    const [given = '', url = ''] = (await answered.text()).slice(0, 4096).split(' ')
    return isProof(given, proof(secret, 'answer', challenge, url)) ? ok({ url }) : fail('not-teatray')
  } catch (thrown) {
    return fail('not-teatray', describeThrown(thrown))
  }
}
