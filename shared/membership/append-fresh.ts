import type { Result } from '../base/errors.ts'
import type { HashId } from '../base/ids.ts'
import type { RecordBody } from '../wire/record.ts'
import type { CircleState, Membership } from './state.ts'

const ATTEMPTS = 4

/**
 * Appends what `build` makes of the state. Records of others may come in between: a box for somebody who has just been taken out
 * would be refused, so it is built anew as long as the state moved.
 */
export async function appendFresh(
  membership: Membership,
  build: (state: CircleState) => RecordBody,
): Promise<Result<HashId, 'not-allowed' | 'storage-failed'>> {
  for (let attempt = 1; ; attempt++) {
    const state = membership.state()
    const appended = await membership.append(build(state))
    if (appended.ok || appended.error !== 'not-allowed' || attempt === ATTEMPTS || membership.state() === state) {
      return appended
    }
  }
}
