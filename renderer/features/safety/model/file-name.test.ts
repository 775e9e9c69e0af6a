import { expect, test } from 'vitest'
import type { MemberId } from '../../../../shared/base/ids.ts'
import { createI18n } from '../../../app/i18n.ts'
import { fileName, fileSize } from './file-name.ts'

const i18n = createI18n()
const madeAt = new Date(2026, 10, 22, 9, 5).getTime()
const to = (name: string) => ({ to: { id: '1' as MemberId, name, isMe: false }, madeAt })

test.each([
  [{ to: undefined, madeAt }, 'Teatray update for everybody, 22 November.teatray'],
  [to('Bob'), 'Teatray update for Bob, 22 November.teatray'],
  [to('Bob / “Bobby”: <b>'), 'Teatray update for Bob “Bobby” b, 22 November.teatray'],
  [to('..\\..\\etc\u202Egpj.exe'), 'Teatray update for .. .. etc gpj.exe, 22 November.teatray'],
])('%#', (file, expected) => {
  expect(fileName(i18n, file)).toBe(expected)
})

test.each([
  [700, '1 KB'],
  [40_000, '40 KB'],
  [1_048_577, '2 MB'],
])('%i bytes', (bytes, expected) => {
  expect(fileSize(i18n, bytes)).toBe(expected)
})
