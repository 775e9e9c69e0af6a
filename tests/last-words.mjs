// What a run of the tests says last. Of what continuous integration prints, only the last lines reach whoever has to mend it:
// so the failing tests are named there once more, each with its sentence, and everything fits into a screen.
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { root } from '../electron/launcher/prepare.mjs'

const MAX_NAMED = 8
const MAX_ONLY_NAMED = 6
const MAX_LETTERS = 400

const oneLine = (text, letters = MAX_LETTERS) => {
  const line = stripVTControlCharacters(text ?? '')
    // Vitest's JSON reporter, for a test whose time was over.
    .replace('Error: STACK_TRACE_ERROR', 'It did not end in time.')
    .split('\n')
    .map((part) => part.trim())
    // Where in the code it happened is in the full output above.
    .filter((part) => part !== '' && !part.startsWith('at ') && !/^>?\s*\d*\s*\|/.test(part))
    .join(' | ')
  return line.length > letters ? `${line.slice(0, letters)}…` : line
}

/** Where no test is named: the first lines that look like an error, or else the last that the program said. */
function complaint(output) {
  const lines = stripVTControlCharacters(output).split('\n')
  const at = lines.findIndex((line) => /^\s*[x×] |\berror\b.*:|\bproblem\b|^packaging: /i.test(line))
  return oneLine((at < 0 ? lines.slice(-6) : lines.slice(at, at + 3)).join('\n'))
}

/** The failing tests of a report by vitest's JSON reporter. */
export const failuresOfVitest = (report) =>
  (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name)
    const failed = assertionResults.filter((test) => test.status === 'failed')
    // A file that could not even be loaded names no test.
    if (failed.length === 0 && status === 'failed') return [{ name: file, sentence: oneLine(message) }]
    return failed.map((test) => ({ name: `${file} › ${test.fullName}`, sentence: oneLine(test.failureMessages[0]) }))
  })

const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)]

/** Of a report by Playwright's: what failed, and what passed only when it was tried again. */
export function failuresOfPlaywright(report) {
  const tests = (report?.suites ?? [])
    .flatMap(specsOf)
    .flatMap(({ file, line, title, tests: runs }) =>
      runs.map((run) => ({ ...run, name: `${file}:${line} › ${title}` })),
    )
  const named = (status) =>
    tests
      .filter((test) => test.status === status)
      .map(({ name, results }) => ({
        name,
        sentence: oneLine(results[0]?.errors.map(({ message }) => message).join('\n') || results[0]?.status),
      }))
  const outside = (report?.errors ?? []).map(({ message }) => ({
    name: 'outside of any test',
    sentence: oneLine(message),
  }))
  return { failures: [...outside, ...named('unexpected')], flaky: named('flaky') }
}

/** `parts`: { name, ok, seconds, failures, flaky, output }, in the order they were run. */
export function lastWords(parts) {
  const failures = parts.flatMap(({ name, ok, failures: some = [], output = '' }) => {
    if (ok) return []
    if (some.length === 0) return [{ name, sentence: complaint(output) }]
    return some.map((one) => ({ ...one, name: `${name}: ${one.name}` }))
  })
  const flaky = parts.flatMap(({ flaky: some = [] }) => some)
  const unnamed = failures.length - MAX_NAMED - MAX_ONLY_NAMED
  const took = (ok) =>
    parts
      .filter((part) => part.ok === ok)
      .map(({ name, seconds }) => `${name} ${seconds.toFixed(0)} s`)
      .join(', ')
  return [
    ...failures.slice(0, MAX_NAMED).flatMap(({ name, sentence }) => [`FAILED  ${name}`, `        ${sentence}`]),
    ...failures.slice(MAX_NAMED, MAX_NAMED + MAX_ONLY_NAMED).map(({ name }) => `FAILED  ${name}`),
    ...(unnamed > 0 ? [`        and ${unnamed} more`] : []),
    ...flaky.slice(0, 2).map(({ name, sentence }) => `passed at the second try  ${name}: ${oneLine(sentence, 150)}`),
    ...(took(true) === '' ? [] : [`ok: ${took(true)}`]),
    ...(took(false) === '' ? [] : [`failed: ${took(false)}`]),
  ]
}
