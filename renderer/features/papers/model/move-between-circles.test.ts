/** Moving a paper between real circles of real (in-memory) installations. */
import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { templates } from '../../../../resources/templates/index.ts'
import type { DocumentId } from '../../../../shared/base/ids.ts'
import type { CircleContext } from '../../../../shared/model/contexts.ts'
import { circleOf, createWorld, type World } from '../../../session/testing.ts'
import { createPaper } from './commands.ts'
import { bringBack, movePaper } from './move.ts'
import { movedTo, paperById, papersInUse } from './selectors.ts'
import { toText } from '../../../ui/editor/to-text.ts'

const WAIT = { timeout: 15_000, interval: 20 }
let world: World

afterEach(async () => world.close())

const minutes = templates.find(({ id }) => id === 'planning-minutes')!

async function textOf(circle: CircleContext, id: DocumentId): Promise<string> {
  const opened = await circle.open(id)
  const text = toText(opened.doc.getXmlFragment('content'))
  opened.release()
  return text
}

const titles = ({ records }: CircleContext): readonly string[] => papersInUse(records).map(({ title }) => title)

test(
  'minutes that only the planning group had are read by all, without where they came from',
  { timeout: 60_000 },
  async () => {
    world = await createWorld(['alice', 'bob', 'cara'])
    const [alice, bob, cara] = world.computers
    const people = alice!.group.context.circle.people.get().filter(({ name }) => name === 'bob')
    const created = await alice!.group.context.createCircle({
      name: 'Planning group',
      people: people.map(({ id }) => ({ person: id, role: 'member' as const })),
    })
    if (!created.ok) throw new Error(created.error)
    const planning = circleOf(alice!, created.value)
    const id = await createPaper(planning, { title: 'Minutes', template: minutes.id, content: minutes.content }, 1)
    const atBob = await vi.waitFor(() => circleOf(bob!, created.value), WAIT)
    await vi.waitFor(() => expect(titles(atBob)).toEqual(['Minutes']), WAIT)
    expect(titles(cara!.group.context.circle)).toEqual([])
    expect(cara!.group.context.circles.get()).toEqual([])

    // Bob, a member and no organiser, gives them to everybody.
    const given = await movePaper(atBob, bob!.group.context.circle, id, 5)
    if (!given.ok) throw new Error(given.error)
    const atCara = cara!.group.context.circle
    await vi.waitFor(() => expect(titles(atCara)).toEqual(['Minutes']), WAIT)
    await vi.waitFor(async () => expect(await textOf(atCara, given.value)).toContain('What we decided, and why'), WAIT)
    expect(await textOf(atCara, given.value)).toBe(await textOf(planning, id))
    expect(JSON.stringify(atCara.records.toJSON())).not.toContain(id)
    expect(JSON.stringify(atCara.records.toJSON())).not.toContain(created.value)

    await vi.waitFor(() => expect(titles(planning)).toEqual([]), WAIT)
    expect(movedTo(paperById(planning.records, id)!)).toMatchObject([
      { copy: given.value, to: atCara.id, by: atBob.me },
    ])
    bringBack(planning, id)
    await vi.waitFor(() => expect(titles(atBob)).toEqual(['Minutes']), WAIT)
    expect(titles(atCara)).toEqual(['Minutes'])
  },
)
