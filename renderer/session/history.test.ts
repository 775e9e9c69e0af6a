/** What happened to a real group, in order; and that an export of it holds nothing that opens or signs. */
import 'fake-indexeddb/auto'
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, expect, test, vi } from 'vitest'
import { toHex } from '../../shared/base/bytes.ts'
import { createI18n } from '../app/i18n.ts'
import { features } from '../features/index.ts'
import { createPaper } from '../features/papers/model/commands.ts'
import { makeExport } from '../features/safety/model/export/make-export.ts'
import { circleOf, createWorld, type Computer, type World } from './testing.ts'

let world: World
afterEach(() => world.close())

const WAIT = { timeout: 20_000, interval: 20 }

test('who came, who may decide, who went', async () => {
  world = await createWorld(['alice', 'bob', 'cara'])
  const [alice, bob] = world.computers as [Computer, Computer, Computer]
  const { circle: group } = alice.group.context
  const member = (name: string) => {
    const found = group.people.get().find((one) => one.name === name)
    if (found === undefined) throw new Error(name)
    return found.id
  }
  await group.manage.setRole(member('bob'), 'member')
  await group.manage.remove(member('cara'))
  const made = await alice.group.context.createCircle({
    name: 'Planning',
    people: [{ person: member('bob'), role: 'member' }],
  })
  if (!made.ok) throw new Error(made.error)
  const planning = circleOf(alice, made.value)
  await planning.manage.rename('Planning team')
  expect(group.history().map(({ what, who, by }) => `${by} ${what} ${who}`)).toEqual([
    expect.stringMatching(/^alice began /),
    'alice let-in bob',
    'alice let-in cara',
    'alice made-member bob',
    'alice taken-out cara',
  ])
  expect(planning.history().map(({ what, who, by }) => `${by} ${what} ${who}`)).toEqual([
    'alice began Planning',
    'alice put-in bob',
    'alice renamed Planning team',
  ])
  expect(group.history()[0]?.at).toBeTypeOf('number')
  await vi.waitFor(() => expect(bob.group.context.circle.history()).toEqual(group.history()), WAIT)
})

test('an export of it holds no secret and no identifier', async () => {
  world = await createWorld(['alice', 'bob'])
  const [alice] = world.computers as [Computer, Computer]
  const group = alice.group.context
  const paper = await createPaper(group.circle, { title: 'Terms', template: 'empty' }, Date.now())
  const { bytes } = await makeExport({
    groups: [group],
    vault: undefined,
    features,
    i18n: createI18n(),
    now: Date.now(),
  })
  const all = Object.entries(unzipSync(bytes))
    .flatMap(([path, content]) => [path, strFromU8(content)])
    .join('\n')
  expect(all).toContain('alice let bob in.')
  const { identity, signing, box, certificate, member, device } = alice.secrets
  const secrets = [identity.seed, signing.seed, box.secretKey, certificate.signingKey, certificate.identityKey]
  for (const secret of secrets) {
    expect(all).not.toContain(toHex(secret))
    expect(all).not.toContain(Buffer.from(secret).toString('base64').slice(0, 40))
  }
  for (const id of [member, device, group.circle.id, paper]) expect(all).not.toContain(id)
})
