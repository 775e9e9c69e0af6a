/**
 * A picture in a text: an element that says which picture it is, and what it shows for those who do not see it. The bytes lie in the same
 * document, see kept.ts. Pure.
 */
import { mergeAttributes, Node } from '@tiptap/core'
import * as Y from 'yjs'
import { MARK } from './marks.ts'

export const PICTURE = 'picture'

export const SIZES = ['wide', 'small'] as const
export type PictureSize = (typeof SIZES)[number]

export const LONGEST_ALT = 500

export interface Picture {
  /** SHA-256 of its bytes, in hexadecimal; empty where it says none that could be. */
  readonly hash: string
  /** What it shows. Empty where nobody has said it yet, and for decoration. */
  readonly alt: string
  /** Nothing is missed without it. */
  readonly isDecoration: boolean
  readonly size: PictureSize
}

export const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

export const tidyAlt = (typed: string): string => typed.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_ALT)

/** Of whatever somebody's program wrote. */
export function pictureOf(attributes: Readonly<Record<string, unknown>>): Picture {
  const { hash, alt, decoration, size } = attributes
  const isDecoration = String(decoration) === 'true'
  return {
    hash: isHash(hash) ? hash : '',
    alt: isDecoration || typeof alt !== 'string' ? '' : tidyAlt(alt),
    isDecoration,
    size: SIZES.find((known) => known === size) ?? 'wide',
  }
}

/** As attributes of the element. */
export const attributesOf = ({ hash, alt, isDecoration, size }: Picture) => ({
  hash,
  alt,
  decoration: isDecoration,
  size,
})

/** In the order of the text; one that is there twice comes twice. */
export function picturesIn(parent: Y.XmlFragment): readonly Picture[] {
  return parent.toArray().flatMap((child) => {
    if (!(child instanceof Y.XmlElement)) return []
    return child.nodeName === PICTURE ? [pictureOf(child.getAttributes())] : picturesIn(child)
  })
}

/** In words alone, with none of the interface's. */
export const bracketed = ({ alt }: Pick<Picture, 'alt'>): string => (alt === '' ? '' : `[${alt}]`)

const fromElement = (name: string) => (element: HTMLElement) => element.getAttribute(name)

export const PictureNode = Node.create({
  name: PICTURE,
  group: 'block',
  atom: true,
  selectable: true,
  draggable: true,
  addAttributes: () => ({
    hash: { default: '', parseHTML: fromElement(MARK) },
    alt: { default: '', parseHTML: (element: HTMLElement) => tidyAlt(element.getAttribute('alt') ?? '') },
    decoration: {
      default: false,
      parseHTML: (element: HTMLElement) => element.getAttribute('data-decoration') === 'true',
    },
    size: { default: 'wide', parseHTML: fromElement('data-size') },
  }),
  parseHTML: () => [{ tag: `img[${MARK}]` }],
  renderText: ({ node }) => bracketed(pictureOf(node.attrs)),
  // Without a source: nothing here may make a browser fetch something. picture-view.ts shows it.
  renderHTML({ node }) {
    const { hash, alt, isDecoration, size } = pictureOf(node.attrs)
    return ['img', mergeAttributes({ [MARK]: hash, alt, 'data-decoration': String(isDecoration), 'data-size': size })]
  },
})
