/** Others' cursors: sealed under an epoch that nobody who was removed holds, a few a second, never stored. */
import type { Bytes } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { DocumentId } from '../base/ids.ts'
import { open, seal } from '../crypto/seal.ts'
import { epochsInUse } from './epochs-in-use.ts'
import { decodePresence, encodePresence, MAX_OFFERS, MAX_PRESENCE, type PresenceBody } from './messages.ts'
import type { Replica } from './replica.ts'

const PRESENCE_A_SECOND = 40

export interface PresenceExchange {
  /** 'too-often' and 'bad-presence' are not passed on. */
  read(sealed: Bytes): PresenceBody | 'too-often' | 'bad-presence'
  /** Undefined: there is no epoch to seal it under just now, or it is too long. */
  seal(document: DocumentId, update: Uint8Array): Bytes | undefined
}

export function createPresenceExchange({ replica, clock }: { readonly replica: Replica; readonly clock: Clock }) {
  const { membership } = replica
  let heard = { second: 0, count: 0 }

  const exchange: PresenceExchange = {
    read: (sealed) => {
      const second = Math.floor(clock.now() / 1000)
      heard = { second, count: second === heard.second ? heard.count + 1 : 1 }
      if (heard.count > PRESENCE_A_SECOND) return 'too-often'
      const { epochs } = membership.state()
      for (const epoch of epochsInUse(membership, MAX_OFFERS)) {
        const key = epochs.get(epoch)?.clean === true ? replica.keys(epoch)?.presence : undefined
        const plain = key === undefined ? undefined : open(key, sealed)
        if (plain === undefined) continue
        const body = decodePresence(plain)
        return body.ok ? body.value : 'bad-presence'
      }
      return 'bad-presence'
    },
    seal: (document, update) => {
      const epoch = membership.sealingEpoch()
      const keys = epoch === undefined ? undefined : replica.keys(epoch)
      if (keys === undefined || update.length > MAX_PRESENCE - 128) return undefined
      return seal(keys.presence, encodePresence({ document, update: new Uint8Array(update) }))
    },
  }
  return exchange
}
