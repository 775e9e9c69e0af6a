/** The inviter's side of joining by files: what was offered and asked, kept over restarts, and what the person says to it. */
import type { Clock } from '../../shared/base/clock.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import { equalBytes } from '../../shared/base/bytes.ts'
import type { InvitationId, MemberId } from '../../shared/base/ids.ts'
import { createLive, type Live } from '../../shared/base/live.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { readJoiningFile } from '../../shared/joining/by-files/envelope.ts'
import { newOffer, sealInvitationFile, type Offer } from '../../shared/joining/by-files/invitation-file.ts'
import {
  checkAsking,
  encodeAsking,
  newcomerIn,
  openRequestFile,
  type Asking,
} from '../../shared/joining/by-files/request-file.ts'
import { bindFiles } from '../../shared/joining/by-files/transcript.ts'
import { invitationOf, letIn, refusalOf, type LettingIn } from '../../shared/joining/let-in.ts'
import { deviceIdOf } from '../../shared/membership/names.ts'
import type { Membership } from '../../shared/membership/state.ts'
import type { MakeFileProblem, UpdateFile } from '../../shared/model/contexts.ts'
import type {
  FileInvitation,
  FileInvitationState,
  InvitationEnd,
  InvitingByFiles,
  RequestProblem,
} from '../../shared/model/joining-by-files.ts'
import type { CircleStore } from '../../shared/sync/store.ts'
import type { KeptInvitation } from './kept-invitations.ts'
import { decodeKeptOffers, encodeKeptOffers, type KeptOffer } from './kept-file-requests.ts'

const OFFERS_VALUE = 'kept offers'

interface Request {
  /** Of the group. */
  readonly membership: Membership
  readonly store: Pick<CircleStore, 'value' | 'setValue'>
  /** The inviter's own. */
  readonly name: string
  /** The invitations whose codes are kept here. */
  readonly kept: Live<readonly KeptInvitation[]>
  /** Its live screen is over: somebody comes in by a file. */
  readonly onLetIn: (id: InvitationId) => void
  /** An invitation file of so many bytes was handed out. */
  readonly onFile: (bytes: number) => void
  readonly welcome: (member: MemberId) => Promise<Result<UpdateFile, MakeFileProblem>>
  readonly clock: Clock
  readonly signer: Signer
  readonly log: (line: string) => void
}

const deviceOf = ({ join }: Asking) => deviceIdOf(join.certificate)

export async function openInvitingByFiles(request: Request): Promise<InvitingByFiles & { close(): void }> {
  const { membership, store, name, kept, clock, signer, log } = request
  let offers: readonly KeptOffer[] = await load()
  /** One after the other: two requests for one invitation must not both find it free. */
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <Value>(run: () => Promise<Value>): Promise<Value> => {
    const next = turn.then(run)
    turn = next.catch(() => undefined)
    return next
  }

  async function load(): Promise<readonly KeptOffer[]> {
    const stored = await store.value(OFFERS_VALUE)
    if (stored === undefined) return []
    const decoded = decodeKeptOffers(stored)
    // A new invitation can be made; the log itself knows who was let in.
    if (!decoded.ok) log(`kept offers: ${decoded.error}`)
    return decoded.ok ? decoded.value : []
  }

  const deskOf = ({ secrets: invitation }: KeptInvitation): LettingIn => ({ membership, invitation, signer })
  const offerOf = (id: InvitationId): KeptOffer | undefined => offers.find(({ invitation }) => invitation === id)
  const keptOf = (id: InvitationId): KeptInvitation | undefined => kept.get().find(({ secrets }) => secrets.id === id)

  const keep = async (next: KeptOffer): Promise<Result<void, 'storage-failed'>> => {
    // Of invitations whose code is not kept any more nothing can be opened.
    const others = offers.filter(({ invitation }) => invitation !== next.invitation && keptOf(invitation) !== undefined)
    const all = [next, ...others]
    try {
      await store.setValue(OFFERS_VALUE, encodeKeptOffers(all))
    } catch (thrown) {
      return fail('storage-failed', describeThrown(thrown))
    }
    offers = all
    invitations.set(summaries())
    return ok(undefined)
  }

  /** Why nobody new comes in by it. */
  const endOf = (one: KeptInvitation): InvitationEnd | undefined => {
    if (offerOf(one.secrets.id)?.differed === true) return 'words-differ'
    const status = invitationOf(deskOf(one))?.status
    if (status === 'used') return 'code-used'
    return refusalOf(deskOf(one), membership.secrets.device, clock.now())
  }

  const stateOf = (one: KeptInvitation): FileInvitationState => {
    const known = offerOf(one.secrets.id)
    const asked = known?.request
    const found = invitationOf(deskOf(one))
    if (asked !== undefined && found?.status === 'used' && found.usedByDevice === deviceOf(asked.asking))
      return { step: 'let-in', name: asked.asking.join.name }
    if (known !== undefined && asked !== undefined && !known.differed) {
      const refused = refusalOf(deskOf(one), deviceOf(asked.asking), asked.openedAt)
      if (refused !== undefined) return { step: 'over', reason: refused }
      const { words } = bindFiles(known.offer, newcomerIn(asked.asking))
      const { instead } = asked
      return { step: 'asked', name: asked.asking.join.name, words, ...(instead === '' ? {} : { instead }) }
    }
    const reason = endOf(one)
    return reason === undefined ? { step: 'open', saved: known !== undefined } : { step: 'over', reason }
  }

  function summaries(): readonly FileInvitation[] {
    return kept.get().map((one) => ({
      id: one.secrets.id,
      code: one.code,
      expiresAt: one.expiresAt,
      state: stateOf(one),
    }))
  }
  const invitations = createLive<readonly FileInvitation[]>(summaries())
  const show = (): void => invitations.set(summaries())
  const stops = [kept.subscribe(show), membership.onChange(show)]

  const makeFile: InvitingByFiles['makeFile'] = async (id) => {
    const one = keptOf(id)
    if (one === undefined) return fail('not-allowed')
    const end = endOf(one)
    if (end !== undefined) return fail(end)
    const offer: Offer = offerOf(id)?.offer ?? newOffer(membership, name, one.expiresAt)
    if (offerOf(id) === undefined) {
      // Kept first: a request to an offer that nobody remembers could not be checked.
      const stored = await keep({ invitation: id, offer, request: undefined, differed: false })
      if (!stored.ok) return stored
    }
    const bytes = sealInvitationFile(one.secrets, offer)
    request.onFile(bytes.length)
    return ok({ bytes, by: name })
  }

  /** By the code that opens it. */
  const find = (bytes: Uint8Array): Result<{ one: KeptInvitation; asking: Asking }, RequestProblem> => {
    // Said even where no code is kept at all.
    const whole = readJoiningFile('request', bytes)
    if (!whole.ok) return whole
    for (const one of kept.get()) {
      const opened = openRequestFile(bytes, one.secrets)
      if (opened.ok) return ok({ one, asking: opened.value })
      if (opened.error !== 'other-code') return fail(opened.error, opened.detail)
    }
    return fail('no-such-invitation')
  }

  const openRequest: InvitingByFiles['openRequest'] = async (bytes) => {
    const found = find(bytes)
    if (!found.ok) return found
    const { one, asking } = found.value
    const { id } = one.secrets
    const known = offerOf(id)
    if (known === undefined) return fail('proof-does-not-hold')
    if (known.differed) return fail('words-differ')
    const before = known.request
    if (before !== undefined && equalBytes(encodeAsking(before.asking), encodeAsking(asking))) {
      const state = stateOf(one)
      return state.step === 'over' ? fail(state.reason) : ok(id)
    }
    const at = clock.now()
    const checked = await checkAsking(deskOf(one), known.offer, asking, at)
    if (!checked.ok) return checked
    const stored = await keep({
      ...known,
      request: { asking, openedAt: at, instead: before?.asking.join.name ?? '' },
    })
    return stored.ok ? ok(id) : stored
  }

  const answer: InvitingByFiles['answer'] = async (id, same) => {
    const one = keptOf(id)
    const known = offerOf(id)
    if (one === undefined || known?.request === undefined) return fail('not-allowed')
    const state = stateOf(one)
    if (state.step === 'let-in') return same ? ok(undefined) : fail('code-used')
    if (state.step === 'over') return fail(state.reason)
    if (!same) {
      const appended = await membership.append({ type: 'cancel', invitation: id, reason: 'words-differ' })
      if (!appended.ok) return appended
      return keep({ ...known, differed: true })
    }
    request.onLetIn(id)
    const { asking, openedAt } = known.request
    const done = await letIn(deskOf(one), openedAt, asking.join)
    show()
    return done
  }

  return {
    invitations,
    makeFile: (id) => inTurn(() => makeFile(id)),
    openRequest: (bytes) => inTurn(() => openRequest(bytes)),
    answer: (id, same) => inTurn(() => answer(id, same)),
    async makeWelcome(id) {
      const device = membership.state().invitations.get(id)?.usedByDevice
      const member = device === undefined ? undefined : membership.state().devices.get(device)?.member
      return member === undefined ? fail('nobody') : request.welcome(member)
    },
    close() {
      for (const stop of stops) stop()
    },
  }
}
