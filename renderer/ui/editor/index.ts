/** The text editor that papers and notes share. */
export {
  Editor,
  type EditorHandle,
  type EditorProps,
  type EditorTalk,
  type Highlight,
  type HighlightSource,
} from './editor.tsx'
export { editorExtensions, editorSchema } from './schema.ts'
export { onLeaving, type Opening, useDocument, usePlace } from './use-document.ts'
export { useRecords } from './use-records.ts'
