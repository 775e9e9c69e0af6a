import { type ReactNode, useRef } from 'react'
import { Button } from '../button.tsx'
import { EXTENSION } from './file-name.ts'
import { addFiles, type WaitingFile, waitingFrom } from './waiting-files.ts'

export interface ChooseFileProps {
  /** What the button says. */
  readonly label: string
  /** What to choose, and the other ways of opening a file. */
  readonly children: ReactNode
  /** For other files than Teatray's own: which, and who takes them. */
  readonly others?: { readonly accept: string; readonly onFile: (file: WaitingFile) => void }
}

/** The system's own dialogue, behind a button like any other. What is chosen waits for whoever takes the waiting files. */
export function ChooseFile({ label, children, others }: ChooseFileProps) {
  const input = useRef<HTMLInputElement>(null)
  const choose = () => {
    const { current } = input
    if (current === null) return
    const files = waitingFrom(current.files ?? [])
    if (others === undefined) addFiles(files)
    else for (const file of files) others.onFile(file)
    // The same file may be chosen again.
    current.value = ''
  }
  return (
    <div className="t-stack">
      <p>{children}</p>
      {/* Some systems grey out what they do not know by its ending, so all files may be chosen. */}
      <input
        ref={input}
        type="file"
        accept={`${others?.accept ?? EXTENSION},*/*`}
        multiple={others === undefined}
        hidden
        onChange={choose}
      />
      <Button onPress={() => input.current?.click()}>{label}</Button>
    </div>
  )
}
