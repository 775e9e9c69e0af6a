/**
 * Reading aloud by the system's own voices. Danger: some voices of a browser send every word to a company's computers. So only
 * a voice that says it is of this computer is used, by name, and never the browser's default.
 */
import type { Editor } from '@tiptap/core'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import { type Sentence, sentenceAgain, sentenceAt, sentencesOf } from './sentences.ts'

const key = new PluginKey<Sentence | undefined>('speech')

/** Marks the sentence that is being read, and keeps to it while others write. Nothing of it is stored. */
export const speechPlugin = (language: string): Plugin<Sentence | undefined> =>
  new Plugin<Sentence | undefined>({
    key,
    state: {
      init: () => undefined,
      apply(transaction, before, _, { doc }) {
        const change: { sentence: Sentence | undefined } | undefined = transaction.getMeta(key)
        if (change !== undefined) return change.sentence
        if (before === undefined || !transaction.docChanged) return before
        const end = doc.content.size
        const moved = { ...before, from: Math.min(before.from, end), to: Math.min(before.to, end) }
        return sentenceAgain(sentencesOf(doc, language), before) ?? moved
      },
    },
    props: {
      decorations(state) {
        const sentence = key.getState(state)
        if (sentence === undefined) return null
        return DecorationSet.create(state.doc, [Decoration.inline(sentence.from, sentence.to, { class: 't-spoken' })])
      },
    },
  })

/** Undefined: this computer has no voice of its own. One of the wanted language, if there is one. */
export function localVoice(
  voices: readonly SpeechSynthesisVoice[],
  language: string,
): SpeechSynthesisVoice | undefined {
  const local = voices.filter(({ localService }) => localService)
  const short = language.slice(0, 2).toLowerCase()
  // Some systems write 'en_GB'.
  const languageOf = ({ lang }: SpeechSynthesisVoice): string => lang.replace('_', '-').toLowerCase()
  return (
    local.find((voice) => languageOf(voice) === language.toLowerCase()) ??
    local.find((voice) => languageOf(voice).startsWith(short)) ??
    local[0]
  )
}

/** A system may take a moment to name its voices, and tells when it has. */
const VOICES_TAKE = 1500

async function voicesOf(synthesis: SpeechSynthesis): Promise<readonly SpeechSynthesisVoice[]> {
  const known = synthesis.getVoices()
  if (known.length > 0) return known
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      synthesis.removeEventListener('voiceschanged', done)
      resolve(synthesis.getVoices())
    }
    const timer = setTimeout(done, VOICES_TAKE)
    synthesis.addEventListener('voiceschanged', done)
  })
}

export type Speaking = 'starting' | 'reading' | 'paused' | 'done' | 'no-voice' | 'stopped-by-system'

export interface Reader {
  pause(): void
  goOn(): void
  stop(): void
}

/** Reads from the caret on; `onState` hears how it goes. */
export function readAloud(
  editor: Editor,
  language: string,
  synthesis: SpeechSynthesis | undefined,
  onState: (state: Speaking) => void,
): Reader {
  let stopped = false
  let paused = false
  let voice: SpeechSynthesisVoice | undefined
  // A browser forgets an utterance that nobody holds, and never says that it ended.
  let utterance: SpeechSynthesisUtterance | undefined
  const mark = (sentence: Sentence | undefined): void => {
    if (!editor.isDestroyed)
      editor.view.dispatch(editor.state.tr.setMeta(key, { sentence }).setMeta('addToHistory', false))
  }
  const end = (state: Speaking): void => {
    stopped = true
    mark(undefined)
    onState(state)
  }
  const say = (sentence: Sentence | undefined): void => {
    if (stopped || editor.isDestroyed || synthesis === undefined || voice === undefined) return
    if (sentence === undefined) return end('done')
    mark(sentence)
    editor.view.dom.querySelector('.t-spoken')?.scrollIntoView({ block: 'nearest', behavior: 'instant' })
    const current = new SpeechSynthesisUtterance(sentence.text)
    utterance = current
    current.voice = voice
    current.lang = voice.lang
    current.addEventListener('end', () => {
      if (utterance !== current || paused) return
      const here = key.getState(editor.state)
      say(sentenceAt(sentencesOf(editor.state.doc, language), here?.to ?? sentence.to))
    })
    current.addEventListener('error', () => {
      if (utterance === current && !paused && !stopped) end('stopped-by-system')
    })
    synthesis.speak(current)
    onState('reading')
  }
  const silence = (): void => {
    utterance = undefined
    synthesis?.cancel()
  }
  const start = async (): Promise<void> => {
    if (synthesis !== undefined) voice = localVoice(await voicesOf(synthesis), language)
    if (stopped) return
    if (voice === undefined) return end('no-voice')
    silence()
    const sentences = sentencesOf(editor.state.doc, language)
    const { from } = editor.state.selection
    say(sentenceAt(sentences, from) ?? sentences[0])
  }
  onState('starting')
  void start()
  return {
    // A sentence is begun again: pausing within one does not work with every system's voices.
    pause() {
      if (stopped || voice === undefined) return
      paused = true
      silence()
      onState('paused')
    },
    goOn() {
      if (stopped || !paused) return
      paused = false
      say(key.getState(editor.state) ?? sentencesOf(editor.state.doc, language)[0])
    },
    stop() {
      stopped = true
      silence()
      mark(undefined)
    },
  }
}
