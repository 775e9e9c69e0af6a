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

it('prompts for what only the group can know', () => {
  const prompts: string[] = []
  editorSchema()
    .nodeFromJSON(templates[0]?.content)
    .descendants((node) => {
      const { prompt } = node.attrs
      if (typeof prompt === 'string') prompts.push(prompt)
      expect(prompt === null || prompt === undefined || node.childCount === 0).toBe(true)
    })
  expect(prompts.length).toBeGreaterThan(10)
})
