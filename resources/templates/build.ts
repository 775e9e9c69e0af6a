/** Small words to write a template with; they make the editor's own JSON. */
export interface TemplateNode {
  readonly type: string
  readonly attrs?: Readonly<Record<string, string | number | boolean>>
  readonly content?: readonly TemplateNode[]
  readonly text?: string
}

/** Whom a paper of this kind is usually for; 'planning': a circle that plans, where there is one. */
export type Audience = 'group' | 'planning'

export interface Template {
  readonly id: string
  readonly audience: Audience
  readonly content: TemplateNode
}

const text = (words: string): TemplateNode => ({ type: 'text', text: words })

export const heading = (words: string): TemplateNode => ({
  type: 'heading',
  attrs: { level: 1 },
  content: [text(words)],
})
export const paragraph = (words: string): TemplateNode => ({ type: 'paragraph', content: [text(words)] })
/** An empty line that says what could be written there; it disappears with the first letter. */
export const prompt = (words: string): TemplateNode => ({ type: 'paragraph', attrs: { prompt: words } })

type Line = string | TemplateNode
const line = (entry: Line): TemplateNode => (typeof entry === 'string' ? paragraph(entry) : entry)

export const list = (...entries: readonly Line[]): TemplateNode => ({
  type: 'bulletList',
  content: entries.map((entry) => ({ type: 'listItem', content: [line(entry)] })),
})

const row = (type: 'tableHeader' | 'tableCell', cells: readonly Line[]): TemplateNode => ({
  type: 'tableRow',
  content: cells.map((cell) => ({ type, content: [line(cell)] })),
})

/** Lines with a box to tick, none of them ticked. */
export const ticks = (...entries: readonly Line[]): TemplateNode => ({
  type: 'taskList',
  content: entries.map((entry) => ({ type: 'taskItem', attrs: { checked: false }, content: [line(entry)] })),
})

export const table = (head: readonly string[], ...rows: readonly (readonly Line[])[]): TemplateNode => ({
  type: 'table',
  content: [row('tableHeader', head), ...rows.map((cells) => row('tableCell', cells))],
})

export const page = (...content: readonly TemplateNode[]): TemplateNode => ({ type: 'doc', content })
