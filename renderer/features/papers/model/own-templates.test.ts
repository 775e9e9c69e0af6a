import { expect, it } from 'vitest'
import * as Y from 'yjs'
import type { DocumentId, MemberId } from '../../../../shared/base/ids.ts'
import { pictureFile } from '../../../../tests/fixtures/pictures/read.ts'
import { addPicture, readPicture } from '../../../ui/editor/pictures/kept.ts'
import { toText } from '../../../ui/editor/to-text.ts'
import { binPaper, createPaper, offerAsTemplate } from './commands.ts'
import { startFrom, templatesInUse } from './own-templates.ts'
import { paperById } from './selectors.ts'
import { keepVersion } from './versions/keep.ts'

const ann = 'ann' as MemberId
const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] })
const content = {
  type: 'doc',
  content: [
    { type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: 'Before we begin' }] },
    { type: 'paragraph', attrs: { prompt: 'Who is here?' } },
    {
      type: 'taskList',
      content: [
        {
          type: 'taskItem',
          attrs: { checked: true },
          content: [
            paragraph('Put the kettle on'),
            {
              type: 'taskList',
              content: [{ type: 'taskItem', attrs: { checked: true }, content: [paragraph('Milk')] }],
            },
          ],
        },
      ],
    },
  ],
}

function circle() {
  const documents = new Map<string, Y.Doc>()
  return {
    me: ann,
    records: new Y.Doc(),
    documents,
    open: (id: DocumentId) => {
      const doc = documents.get(id) ?? new Y.Doc({ gc: false })
      documents.set(id, doc)
      return Promise.resolve({
        id,
        doc,
        attribution: { insertedBy: () => ann, deletedBy: () => ann },
        presence: { get: () => undefined, subscribe: () => () => undefined },
        setPresence: () => undefined,
        flush: () => Promise.resolve(),
        release: () => undefined,
      })
    },
  }
}

async function withTemplate() {
  const here = circle()
  const id = await createPaper(here, { title: 'Our evening', template: 'session-plan', content }, 1)
  offerAsTemplate(here, id, true)
  return { here, id, template: paperById(here.records, id)! }
}

it('a paper begins with the words as they are now, its prompts, and no ticks; the template stays as it is', async () => {
  const { here, id, template } = await withTemplate()
  const source = here.documents.get(id)!
  keepVersion(source, { why: 'kept', name: 'Before', at: 1 })
  const other = circle()
  const made = await startFrom({ from: here, template, to: other, title: 'Tuesday', now: 7 })
  if (!made.ok) throw new Error(made.error)
  expect(paperById(other.records, made.value)).toMatchObject({
    title: 'Tuesday',
    template: 'session-plan',
    createdAt: 7,
    isTemplate: false,
  })
  const words = other.documents.get(made.value)!
  expect(toText(words.getXmlFragment('content'), 'markdown')).toBe(
    toText(source.getXmlFragment('content'), 'markdown').replaceAll('[x]', '[ ]'),
  )
  expect(words.getXmlFragment('content').toJSON()).toContain('Who is here?')
  expect(toText(source.getXmlFragment('content'), 'markdown')).toContain('[x] Put the kettle on')
  expect(words.getArray('versions').length).toBe(0)
})

it('blocks of a later Teatray come along', async () => {
  const { here, id, template } = await withTemplate()
  const strange = new Y.XmlElement('fromTheFuture')
  strange.insert(0, [new Y.XmlText('still here')])
  here.documents.get(id)!.getXmlFragment('content').insert(0, [strange])
  const made = await startFrom({ from: here, template, to: here, title: 'Tuesday', now: 7 })
  if (!made.ok) throw new Error(made.error)
  expect(toText(here.documents.get(made.value)!.getXmlFragment('content'))).toContain('still here')
})

it('nothing is made where there are no words yet, or the template does not open', async () => {
  const { here, id, template } = await withTemplate()
  const broken = { ...here, open: () => Promise.reject(new Error('disk')) }
  here.documents.set(id, new Y.Doc())
  for (const [from, error] of [[here, 'no-words'] as const, [broken, 'failed'] as const])
    expect(await startFrom({ from, template, to: here, title: 'Tuesday', now: 7 })).toMatchObject({ ok: false, error })
  expect(here.records.getMap('paper').size).toBe(1)
})

it('a template is listed until it is taken out or binned', async () => {
  const { here, id } = await withTemplate()
  const titles = (): readonly string[] => templatesInUse(here.records).map(({ title }) => title)
  expect(titles()).toEqual(['Our evening'])
  binPaper(here, id, 5)
  expect(titles()).toEqual([])
})

it('pictures that the template shows come along', async () => {
  const { here, id, template } = await withTemplate()
  const source = here.documents.get(id)!
  const lake = await addPicture(source, pictureFile('lake.jpg'))
  if (!lake.ok) throw new Error(lake.error)
  const shown = new Y.XmlElement('picture')
  shown.setAttribute('hash', lake.value)
  source.getXmlFragment('content').insert(0, [shown])
  const other = circle()
  const made = await startFrom({ from: here, template, to: other, title: 'Tuesday', now: 7 })
  if (!made.ok) throw new Error(made.error)
  expect(await readPicture(other.documents.get(made.value)!, lake.value)).toMatchObject({ ok: true })
})
