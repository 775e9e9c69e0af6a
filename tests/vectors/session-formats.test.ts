/**
 * Small values as every version that was ever released kept them (tests/fixtures/session) must be understood for ever. A sample is
 * never changed; a new format adds one.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../shared/base/bytes.ts'
import type { CircleId, DeviceId, MemberId } from '../../shared/base/ids.ts'
import { newcomerIn } from '../../shared/joining/by-files/request-file.ts'
import { decodeArrival, encodeArrival } from '../../renderer/session/arrivals.ts'
import { decodeCircleNote, encodeCircleNote } from '../../renderer/session/circle-note.ts'
import { decodeKept, encodeKept } from '../../renderer/session/kept-invitations.ts'
import { decodeKeptOffers, encodeKeptOffers } from '../../renderer/session/kept-file-requests.ts'
import { decodeKeptJoining, encodeKeptJoining } from '../../renderer/session/kept-joining.ts'
import { decodeMe, encodeMe } from '../../renderer/session/me.ts'
import { decodeRow, decodeSum, encodeRow, encodeSum } from '../../renderer/session/sent-rows.ts'
import { decodeFileLog, encodeFileLog } from '../../renderer/session/update-file-log.ts'
import { sortGroups } from '../../renderer/session/stored-circles.ts'
import { asking, invitation, offer } from './samples-by-files.ts'

const samples = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../fixtures/session/samples.json'), 'utf8'),
) as Record<string, string>

const sample = (name: string) => {
  const hex = samples[name]
  if (hex === undefined) throw new Error(`no sample ${name}`)
  return fromHex(hex)
}
const group = '1'.repeat(32) as CircleId
const circle = '2'.repeat(32) as CircleId
const member = '3'.repeat(32) as MemberId

describe('what the session keeps', () => {
  it('a circle’s row from before there were circles is the group’s', () => {
    expect(decodeCircleNote(sample('circle-note-before-circles'))).toEqual({ ok: true, value: { kind: 'group' } })
  })

  it('a circle’s row, version 1', () => {
    expect(decodeCircleNote(sample('circle-note-1-group'))).toEqual({ ok: true, value: { kind: 'group' } })
    expect(decodeCircleNote(sample('circle-note-1-circle'))).toEqual({ ok: true, value: { kind: 'circle', group } })
    expect(toHex(encodeCircleNote({ kind: 'group' }))).toBe(samples['circle-note-1-group'])
    expect(toHex(encodeCircleNote({ kind: 'circle', group }))).toBe(samples['circle-note-1-circle'])
    expect(decodeCircleNote(Uint8Array.of(9, 1, 2))).toMatchObject({ ok: false, error: 'other-version' })
  })

  it('rows are sorted into the group, its circles and what a newer version wrote', () => {
    const other = '4'.repeat(32) as CircleId
    const rows = [
      { circle, bytes: sample('circle-note-1-circle') },
      { circle: other, bytes: Uint8Array.of(9, 1, 2) },
      { circle: group, bytes: sample('circle-note-before-circles') },
    ]
    expect(sortGroups(rows, 1)).toEqual([{ group, circles: [circle], notUnderstood: [other], unreadable: 1 }])
    expect(sortGroups(rows.slice(0, 2), 0)).toEqual([])
  })

  it('what was offered and asked in files, on both sides, version 1', () => {
    const kept = [
      {
        invitation: invitation.id,
        offer,
        differed: false,
        request: { asking, openedAt: 1_700_000_000_000, instead: 'Ben' },
      },
      { invitation: invitation.id, offer, differed: true, request: undefined },
    ]
    const joining = {
      invitation: invitation.id,
      offer,
      newcomer: newcomerIn(asking),
      file: Uint8Array.of(1, 2, 3),
      agreed: true,
    }
    expect(decodeKeptOffers(sample('kept-offers-1'))).toEqual({ ok: true, value: kept })
    expect(toHex(encodeKeptOffers(kept))).toBe(samples['kept-offers-1'])
    expect(decodeKeptJoining(sample('kept-joining-1'))).toEqual({ ok: true, value: joining })
    expect(toHex(encodeKeptJoining(joining))).toBe(samples['kept-joining-1'])
    expect(decodeKeptJoining(encodeKeptJoining(undefined))).toEqual({ ok: true, value: undefined })
    for (const decode of [decodeKeptOffers, decodeKeptJoining])
      expect(decode(Uint8Array.of(9, 1, 2))).toMatchObject({ ok: false, error: 'other-version' })
  })

  it('a row of what left this computer, with files that somebody joins with', () => {
    const at = 1_700_000_000_000
    const lines = (['invitation', 'request'] as const).map((to, more) => ({
      recipient: { to },
      way: 'file' as const,
      from: at,
      until: at,
      changes: 0,
      bytes: 1136 - 3 * more,
    }))
    expect(decodeRow(sample('sent-row-1-joining'))).toEqual({ ok: true, value: { number: 1, day: 19_675, lines } })
  })

  it('the list of update files, version 1', () => {
    const entries = [
      { kind: 'made', at: 1_700_000_000_000, person: '', changes: 12, bytes: 3456 },
      { kind: 'opened', at: 1, person: 'Bob', changes: 0, bytes: 700 },
    ] as const
    expect(decodeFileLog(sample('update-files-1'))).toEqual(entries)
    expect(toHex(encodeFileLog(entries))).toBe(samples['update-files-1'])
  })

  it('a day of what was sent, and the sum of older ones, version 1', () => {
    const from = 1_700_000_000_000
    const device = '7'.repeat(32) as DeviceId
    const nobody = { way: 'network', from, until: from, changes: 0 } as const
    const row = {
      number: 5,
      day: 19_675,
      lines: [
        {
          recipient: { to: 'device', device },
          way: 'network',
          from,
          until: from + 600_000,
          changes: 12,
          bytes: 48_000,
        },
        { recipient: { to: 'removed', device }, way: 'internet', from, until: from, changes: 0, bytes: 900 },
        ...(['unproved', 'newcomer', 'inviter', 'others'] as const).map((to, at) => ({
          recipient: { to },
          ...nobody,
          bytes: 33 + at,
        })),
        ...(['backup', 'export'] as const).map((to) => ({
          recipient: { to },
          ...nobody,
          way: 'file' as const,
          bytes: 5_000_000_000,
        })),
      ],
    } as const
    const sum = { folded: 4, from, until: from + 86_400_000, changes: 300, bytes: 1_234_567 }
    expect(decodeRow(sample('sent-row-1'))).toEqual({ ok: true, value: row })
    expect(toHex(encodeRow(row))).toBe(samples['sent-row-1'])
    expect(decodeSum(sample('sent-earlier-1'))).toEqual({ ok: true, value: sum })
    expect(toHex(encodeSum(sum))).toBe(samples['sent-earlier-1'])
    expect(decodeRow(Uint8Array.of(9, 1, 2))).toMatchObject({ ok: false, error: 'other-version' })
    expect(decodeSum(Uint8Array.of(9, 1, 2))).toMatchObject({ ok: false, error: 'other-version' })
  })

  it('an arrival, version 1, seen and not seen', () => {
    expect(decodeArrival(sample('arrival-1'))).toBe(member)
    expect(decodeArrival(sample('arrival-1-seen'))).toBeUndefined()
    expect(toHex(encodeArrival(member))).toBe(samples['arrival-1'])
    expect(toHex(encodeArrival(undefined))).toBe(samples['arrival-1-seen'])
    expect(decodeArrival(Uint8Array.of(9))).toBeUndefined()
  })

  it('kept invitations, version 1, which know nothing of roles: those stand in the log', () => {
    const kept = decodeKept(sample('kept-invitations-1'))
    if (!kept.ok) throw new Error(kept.error)
    expect(kept.value).toMatchObject([
      { code: 'abandon ability able', expiresAt: 1_700_000_000_000, paused: false },
      { code: 'about above absent', expiresAt: 1_800_000_000_000, paused: true },
    ])
    expect(toHex(encodeKept(kept.value))).toBe(samples['kept-invitations-1'])
  })

  it('who I am, version 1', () => {
    const me = decodeMe(sample('me-1'))
    if (!me.ok) throw new Error(me.error)
    expect(me.value.name).toBe('Asha')
    expect(toHex(encodeMe(me.value))).toBe(samples['me-1'])
  })
})
