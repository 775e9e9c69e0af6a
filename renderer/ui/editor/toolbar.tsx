import { useMediaQuery } from '@mantine/hooks'
import type { Editor } from '@tiptap/core'
import { yUndoPluginKey } from '@tiptap/y-tiptap'
import { useTranslation } from 'react-i18next'
import { useEasyLook } from '../easy-look.ts'
import { Menu, type MenuEntry, Toolbar, ToolbarButton, ToolbarGroup } from '../menu.tsx'
import { OutlineMenu } from './outline-menu.tsx'
import type { OutlineEntry } from './outline.ts'
import { passageHere } from './passages.ts'
import { HEADING_LEVELS } from './schema.ts'
import { PICTURE } from './pictures/picture.ts'
import { addSummary, hasSummary, SUMMARY, takeBoxAway } from './summary.ts'
import { changeTable, insertTable, type TableChange } from './tables.ts'
import { useEditorState } from './use-editor-state.ts'

/** As a window of 1280 pixels is from 300 % on: all buttons together would be higher than the window. */
const NARROW = '(max-width: 30rem)'

export interface EditorToolbarProps {
  readonly editor: Editor
  readonly outline: readonly OutlineEntry[]
  readonly controls: string
  readonly onLink: () => void
  readonly onPicture: () => void
  readonly onFind: () => void
  readonly onRead: () => void
  readonly onHelp: () => void
  /** Undefined where nobody talks about the text. */
  readonly onComment?: () => void
  readonly onPropose?: () => void
  readonly onGoToComment?: (id: string) => void
}

const TABLE_CHANGES: readonly TableChange[] = [
  ...(['addRowAfter', 'addRowBefore', 'addColumnAfter', 'addColumnBefore'] as const),
  ...(['deleteRow', 'deleteColumn', 'toggleHeaderRow', 'deleteTable'] as const),
]

const undoState = (editor: Editor): { hasUndoOps?: boolean; hasRedoOps?: boolean } =>
  yUndoPluginKey.getState(editor.state) ?? {}

const read = (editor: Editor) => ({
  heading: HEADING_LEVELS.find((level) => editor.isActive('heading', { level })) ?? 0,
  bold: editor.isActive('bold'),
  italic: editor.isActive('italic'),
  bullets: editor.isActive('bulletList'),
  numbers: editor.isActive('orderedList'),
  ticks: editor.isActive('taskList'),
  link: editor.isActive('link'),
  picture: editor.isActive(PICTURE),
  table: editor.isActive('table'),
  item: editor.isActive('taskItem') ? 'taskItem' : editor.isActive('listItem') ? 'listItem' : '',
  ticked: editor.getAttributes('taskItem')['checked'] === true,
  summary: editor.isActive(SUMMARY)
    ? ('inside' as const)
    : hasSummary(editor.state.doc)
      ? ('there' as const)
      : ('none' as const),
  undo: undoState(editor).hasUndoOps === true,
  redo: undoState(editor).hasRedoOps === true,
  hasPassages: passageHere(editor).some,
  passage: passageHere(editor).id,
})

/** A menu gives focus back to its button when it closes; typing should go on in the text instead. */
function andBackToText(editor: Editor, act: () => void): () => void {
  return () => {
    act()
    setTimeout(() => editor.view.focus(), 60)
  }
}

function StyleMenu({ editor, heading }: { readonly editor: Editor; readonly heading: number }) {
  const { t } = useTranslation('editor')
  const entries: MenuEntry[] = [
    {
      id: 'text',
      label: t('style.text'),
      onAction: andBackToText(editor, () => editor.chain().focus().setParagraph().run()),
    },
    ...HEADING_LEVELS.map((level) => ({
      id: `heading-${level}`,
      label: t(`style.heading${level}`),
      onAction: andBackToText(editor, () => editor.chain().focus().setHeading({ level }).run()),
    })),
  ]
  const label = heading === 0 ? t('style.text') : t(`style.heading${heading as 1 | 2 | 3}`)
  return <Menu label={label} fullLabel={t('style.full', { style: label })} entries={entries} />
}

function useTableEntries(editor: Editor, inside: boolean): readonly MenuEntry[] {
  const { t } = useTranslation('editor')
  if (!inside)
    return [{ id: 'insert', label: t('table.insert'), onAction: andBackToText(editor, () => insertTable(editor)) }]
  return TABLE_CHANGES.map((change) => ({
    id: change,
    label: t(`table.${change}`),
    onAction: andBackToText(editor, () => changeTable(editor, change)),
  }))
}

/** One Tab stop with arrows inside (Toolbar); every action leaves the person in the text. */
export function EditorToolbar(props: EditorToolbarProps) {
  const { editor, outline, controls, onLink, onPicture, onFind, onRead, onHelp, onComment, onPropose, onGoToComment } =
    props
  const { t } = useTranslation('editor')
  const state = useEditorState(editor, read)
  const { item } = state
  const run = (change: (chain: ReturnType<Editor['chain']>) => { run(): boolean }) => (): void => {
    change(editor.chain().focus()).run()
  }
  const { on: isEasy } = useEasyLook()
  const isNarrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false })
  const isShort = isEasy || isNarrow
  const table = useTableEntries(editor, state.table)
  const picture = t(state.picture ? 'picture.change' : 'picture.button')
  const act = {
    bold: run((chain) => chain.toggleBold()),
    italic: run((chain) => chain.toggleItalic()),
    bullets: run((chain) => chain.toggleBulletList()),
    numbers: run((chain) => chain.toggleOrderedList()),
    ticks: run((chain) => chain.toggleTaskList()),
    undo: run((chain) => chain.undo()),
    redo: run((chain) => chain.redo()),
  }
  // What has a button of its own otherwise.
  const lessUsed: readonly MenuEntry[] = [
    ...(['italic', 'numbers', 'ticks'] as const).map((name) => ({
      id: name,
      label: state[name] ? t('more.off', { name: t(name) }) : t(name),
      onAction: andBackToText(editor, act[name]),
    })),
    { id: 'link', label: t('link.button'), onAction: () => setTimeout(onLink, 60) },
    { id: 'picture', label: picture, onAction: () => setTimeout(onPicture, 60) },
    ...table,
    { id: 'redo', label: t('redo'), disabled: !state.redo, onAction: andBackToText(editor, act.redo) },
    ...(onComment === undefined
      ? []
      : [{ id: 'comment', label: t('comment.add'), onAction: () => setTimeout(onComment, 60) }]),
  ]
  const more: MenuEntry[] = [
    ...(isShort ? lessUsed : []),
    state.summary === 'inside'
      ? { id: 'summary', label: t('summary.take-away'), onAction: andBackToText(editor, () => takeBoxAway(editor)) }
      : {
          id: 'summary',
          label: t(state.summary === 'there' ? 'summary.go' : 'summary.add'),
          onAction: andBackToText(editor, () => addSummary(editor, t('summary.prompt'))),
        },
    // After the menu has given the focus back to its button.
    { id: 'find', label: t('find.open'), onAction: () => setTimeout(onFind, 60) },
    { id: 'read', label: t('read.open'), onAction: () => setTimeout(onRead, 60) },
    ...(onPropose === undefined
      ? []
      : [{ id: 'propose', label: t('comment.propose'), onAction: () => setTimeout(onPropose, 60) }]),
    {
      id: 'in',
      label: t('more.in'),
      disabled: item === '',
      onAction: andBackToText(
        editor,
        run((chain) => chain.sinkListItem(item)),
      ),
    },
    {
      id: 'out',
      label: t('more.out'),
      disabled: item === '',
      onAction: andBackToText(
        editor,
        run((chain) => chain.liftListItem(item)),
      ),
    },
    {
      id: 'tick',
      label: t(state.ticked ? 'more.untick' : 'more.tick'),
      disabled: item !== 'taskItem',
      onAction: andBackToText(
        editor,
        run((chain) => chain.updateAttributes('taskItem', { checked: !state.ticked })),
      ),
    },
    { id: 'help', label: t('more.help'), onAction: onHelp },
  ]
  return (
    <Toolbar label={t('toolbar')} controls={controls}>
      <StyleMenu editor={editor} heading={state.heading} />
      <ToolbarGroup label={t('group.letters')}>
        <ToolbarButton label={t('bold')} pressed={state.bold} onPress={act.bold} />
        {isShort ? null : (
          <>
            <ToolbarButton label={t('italic')} pressed={state.italic} onPress={act.italic} />
            <ToolbarButton label={t('link.button')} pressed={state.link} onPress={onLink} />
          </>
        )}
      </ToolbarGroup>
      <ToolbarGroup label={t('group.lists')}>
        <ToolbarButton label={t('bullets')} pressed={state.bullets} onPress={act.bullets} />
        {isShort ? null : (
          <>
            <ToolbarButton label={t('numbers')} pressed={state.numbers} onPress={act.numbers} />
            <ToolbarButton label={t('ticks')} pressed={state.ticks} onPress={act.ticks} />
          </>
        )}
      </ToolbarGroup>
      {isShort ? null : (
        <>
          <ToolbarButton label={picture} onPress={onPicture} />
          <Menu label={t('table.menu')} entries={table} />
        </>
      )}
      <ToolbarGroup label={t('group.undo')}>
        <ToolbarButton label={t('undo')} disabled={!state.undo} onPress={act.undo} />
        {isShort ? null : <ToolbarButton label={t('redo')} disabled={!state.redo} onPress={act.redo} />}
      </ToolbarGroup>
      {isShort || onComment === undefined ? null : <ToolbarButton label={t('comment.add')} onPress={onComment} />}
      {onGoToComment !== undefined && state.hasPassages ? (
        <ToolbarButton
          label={t('comment.go-to')}
          disabled={state.passage === ''}
          onPress={() => onGoToComment(state.passage)}
        />
      ) : null}
      <OutlineMenu editor={editor} outline={outline} readOnly={false} />
      <Menu label={t('more.menu')} fullLabel={t('more.full')} entries={more} />
    </Toolbar>
  )
}
