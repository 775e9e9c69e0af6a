/**
 * Everything a screen is made of. Features import from here alone.
 *
 * Screens are found by wouter with hash addresses; a feature's view is shown for its `path` and everything below it, and uses
 * whole paths ('/papers/123'), never relative ones.
 */
export { Button, ButtonLink, type ButtonLinkProps, type ButtonProps } from './button.tsx'
export {
  ConfirmDialog,
  type ConfirmDialogProps,
  Dialog,
  type DialogProps,
  FormDialog,
  type FormDialogProps,
} from './dialog.tsx'
export { useEasyLook } from './easy-look.ts'
export {
  Choice,
  ChoiceList,
  type ChoiceListProps,
  type ChoiceProps,
  Field,
  FieldFrame,
  type FieldProps,
  PassphraseField,
  type PassphraseFieldProps,
  Tick,
  Toggle,
  type ToggleProps,
} from './field.tsx'
export { ChooseFile, type ChooseFileProps } from './files/choose-file.tsx'
export { dropPictures } from './files/dropped-pictures.ts'
export { dayInFileName, EXTENSION, fitForFileName } from './files/file-name.ts'
export { saveFile } from './files/save-file.ts'
export {
  addFiles,
  dropFiles,
  takeFiles,
  takeOtherFiles,
  type WaitingFile,
  waitingFiles,
  waitingFrom,
} from './files/waiting-files.ts'
export { announce } from './live-region.tsx'
export {
  Menu,
  type MenuEntry,
  type MenuProps,
  Toolbar,
  ToolbarButton,
  type ToolbarButtonProps,
  ToolbarGroup,
  type ToolbarProps,
} from './menu.tsx'
export { ErrorSummary, type FieldProblem, Notice, type NoticeProps } from './messages.tsx'
export { Page, type PageProps, useHeading } from './page.tsx'
export { LEAST_PASSPHRASE, type PassphraseStrength, passphraseStrength } from './passphrase-strength.ts'
export { type ColourChoice, UiProvider, useColourChoice } from './provider.tsx'
export {
  Card,
  EmptyState,
  type ReadingScope,
  Row,
  Section,
  SkipLink,
  Stack,
  Steps,
  TextLink,
  VisuallyHidden,
  WhoCanRead,
  WordsToCompare,
} from './small-parts.tsx'
export { SheetWordsField, type SheetWordsFieldProps, sheetWordsProblem } from './sheet-words-field.tsx'
export { TypedWordsField, type TypedWordsFieldProps } from './typed-words-field.tsx'
export { useLive } from './use-live.ts'
export { suggestPassphrase } from './suggest-passphrase.ts'
export { listNames } from './words/names.ts'
export { exchangedLine, personLine, saveLine, syncLine } from './words/sync.ts'
export { useNow } from './words/use-now.ts'
export { longDay, longMoment, plainDay, timeOfDay, when } from './words/when.ts'
export { type Passage, useWantedPassage, type WantedPassage, WantedPassageContext } from './wanted-passage.ts'
export { type LastPlace, LastPlaceContext, useLastPlace } from './last-place.ts'
