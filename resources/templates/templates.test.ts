import { prosemirrorJSONToYXmlFragment, yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { editorSchema } from '../../renderer/ui/editor/schema.ts'
import { templates } from './index.ts'

it.each(templates.map((template) => [template.id, template] as const))(
  '%s fits the editor and comes back whole',
  (_, { content }) => {
    const node = editorSchema().nodeFromJSON(content)
    expect(() => node.check()).not.toThrow()
    const fragment = new Y.Doc().getXmlFragment('content')
    prosemirrorJSONToYXmlFragment(editorSchema(), content, fragment)
    const back = yXmlFragmentToProseMirrorRootNode(fragment, editorSchema())
    expect(back.toJSON()).toEqual(node.toJSON())
  },
)

const prompts = (content: object): readonly string[] => {
  const found: string[] = []
  editorSchema()
    .nodeFromJSON(content)
    .descendants((node) => {
      const { prompt } = node.attrs
      if (typeof prompt === 'string') found.push(prompt)
      expect(prompt === null || prompt === undefined || node.childCount === 0).toBe(true)
    })
  return found
}

const allText = (content: object): readonly string[] => {
  const found: string[] = []
  editorSchema()
    .nodeFromJSON(content)
    .descendants((node) => {
      if (node.isText) found.push(node.text ?? '')
    })
  return found
}

it.each(templates.map((template) => [template.id, template] as const))(
  '%s prompts for what only the group can know, in short sentences',
  (_, { content }) => {
    const asked = prompts(content)
    expect(asked.length).toBeGreaterThan(10)
    const sentences = [...asked, ...allText(content)].flatMap((text) => text.split(/(?<=[.?!:;])\s/))
    expect(sentences.filter((sentence) => sentence.split(/\s+/).length > 28)).toEqual([])
    expect(sentences.filter((sentence) => /!|\w'\w|"/.test(sentence))).toEqual([])
  },
)

it('says for whom each is, so that minutes are not offered to everybody', () => {
  expect(templates.map(({ id, audience }) => [id, audience])).toEqual([
    ['terms-of-reference', 'group'],
    ['group-agreement', 'group'],
    ['first-invitation', 'group'],
    ['meeting-agenda', 'group'],
    ['online-guidelines', 'group'],
    ['facilitators-card', 'group'],
    ['planning-minutes', 'planning'],
    ['plan', 'planning'],
    ['session-plan', 'planning'],
    ['role-card', 'group'],
    ['handover', 'planning'],
    ['signposting', 'group'],
  ])
})
