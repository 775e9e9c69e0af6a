import type { HostLink } from './host-link.ts'
import { createInbox } from './inbox.ts'

/** Two ends of one HostLink within a program: the form the others are measured by. Delivers in a later microtask. */
export function createMemoryLinks(): [HostLink, HostLink] {
  const inboxes = [createInbox(), createInbox()] as const
  let open = true
  const close = (): void => {
    if (!open) return
    open = false
    queueMicrotask(() => inboxes.forEach((inbox) => inbox.closed()))
  }
  const end = (own: 0 | 1, other: 0 | 1): HostLink => ({
    send(message) {
      const copy = message.slice()
      if (open) queueMicrotask(() => inboxes[other].deliver(copy))
    },
    onMessage: inboxes[own].onMessage,
    onClose: inboxes[own].onClose,
    close,
  })
  return [end(0, 1), end(1, 0)]
}
