/** The editor alone, on a document of this page; a second document can be joined to it and parted from it. */
import { createRoot } from 'react-dom/client'
import { useCallback } from 'react'
import { I18nextProvider } from 'react-i18next'
import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import { createI18n } from '../../renderer/app/i18n.ts'
import { Page, UiProvider } from '../../renderer/ui/index.ts'
import { Editor, type EditorHandle, editorSchema } from '../../renderer/ui/editor/index.ts'
import { toText } from '../../renderer/ui/editor/to-text.ts'
import { templates } from '../../resources/templates/index.ts'

const handles = new Map<string, EditorHandle>()
const writers = ['ann', 'bob'].map((name, index) => {
  const doc = new Y.Doc({ gc: false })
  doc.clientID = index + 1
  return { name, doc, fragment: doc.getXmlFragment('content') }
})
const [ann, bob] = writers
if (ann === undefined || bob === undefined) throw new Error('two writers')

let joined = false
const exchange = (): void => {
  for (const from of writers)
    for (const to of writers)
      if (from !== to) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)), 'others')
}
for (const { doc } of writers) {
  doc.on('update', (_update: Uint8Array, origin: unknown) => {
    if (joined && origin !== 'others') exchange()
  })
}

const harness = {
  text: (name: 'ann' | 'bob') => toText(name === 'ann' ? ann.fragment : bob.fragment, 'markdown'),
  xml: (name: 'ann' | 'bob') => (name === 'ann' ? ann : bob).fragment.toJSON(),
  /** Bytes of its pictures, in base64. */
  pictures: (name: 'ann' | 'bob') =>
    [...(name === 'ann' ? ann : bob).doc.getMap('pictures').values()].map((bytes) =>
      bytes instanceof Uint8Array ? btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) : '',
    ),
  /** Puts the same words beside pictures that are none, as somebody who means harm would. */
  spoil(name: 'ann' | 'bob') {
    const { doc, fragment } = name === 'ann' ? ann : bob
    doc.transact(() => {
      for (const picture of fragment.querySelectorAll('picture')) {
        const hash = 'f'.repeat(64)
        doc.getMap('pictures').set(hash, new TextEncoder().encode('<svg onload="attacked = true"/>'))
        if (picture instanceof Y.XmlElement) picture.setAttribute('hash', hash)
      }
    })
  },
  updates: 0,
  join() {
    joined = true
    exchange()
  },
  part() {
    joined = false
  },
  fill(content: object) {
    ann.doc.transact(() => {
      ann.fragment.delete(0, ann.fragment.length)
      prosemirrorJSONToYXmlFragment(editorSchema(), content, ann.fragment)
    })
  },
  template() {
    this.fill(templates[0]?.content ?? {})
  },
  place: (name: string) => Array.from(handles.get(name)?.place() ?? []),
  goToPlace: (name: string, place: number[]) => handles.get(name)?.goToPlace(Uint8Array.from(place)),
  highlight: (name: string, from: number, to: number) =>
    handles.get(name)?.setHighlights(() => [{ from, to, look: 'added', label: 'Bob added' }]),
  /** As a later version on a third computer would write it. */
  unknown() {
    const later = new Y.Doc({ gc: false })
    Y.applyUpdate(later, Y.encodeStateAsUpdate(ann.doc))
    const strange = new Y.XmlElement('fromTheFuture')
    strange.insert(0, [new Y.XmlText('still here')])
    later.getXmlFragment('content').insert(0, [strange])
    for (const { doc } of writers) Y.applyUpdate(doc, Y.encodeStateAsUpdate(later), 'others')
  },
}
ann.doc.on('update', () => harness.updates++)

export type Harness = typeof harness
declare global {
  interface Window {
    harness: Harness
    attacked?: boolean
  }
}
window.harness = harness

function Writer({ name, fragment }: { readonly name: string; readonly fragment: Y.XmlFragment }) {
  const onReady = useCallback(
    (handle: EditorHandle | undefined) => {
      if (handle === undefined) handles.delete(name)
      else handles.set(name, handle)
    },
    [name],
  )
  return (
    <section aria-label={name} data-writer={name}>
      <Editor fragment={fragment} label={`Words by ${name}`} placeholder="Write here" onReady={onReady} />
      <button type="button">After {name}</button>
    </section>
  )
}

const root = document.querySelector('#root')
if (root === null) throw new Error('no root')
const two = location.search === '?two'
createRoot(root).render(
  <I18nextProvider i18n={createI18n()}>
    <UiProvider>
      <main id="main">
        <Page title="Terms of reference" width="wide">
          {(two ? writers : [ann]).map(({ name, fragment }) => (
            <Writer key={name} name={name} fragment={fragment} />
          ))}
        </Page>
      </main>
    </UiProvider>
  </I18nextProvider>,
)
