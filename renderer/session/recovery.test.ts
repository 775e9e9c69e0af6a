import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { toHex, type Bytes } from '../../shared/base/bytes.ts'
import { fail, ok, type Result } from '../../shared/base/errors.ts'
import { KEYRING_NAME, setUpKeyring, unlockKeyring } from '../keyring/keyring.ts'
import { createRecovery } from './recovery.ts'

const cost = { memoryKiB: 64, passes: 1 }
const opened: string[] = []
let answer: Result<void, string>
let locked: boolean

const start = async () => {
  const recovery = createRecovery({
    open: (rootKey: Bytes) => {
      opened.push(toHex(rootKey))
      return Promise.resolve(answer)
    },
    isLocked: () => locked,
    log: () => undefined,
  })
  await recovery.refresh()
  return recovery
}

beforeEach(async () => {
  await Dexie.delete(KEYRING_NAME)
  opened.length = 0
  answer = ok(undefined)
  locked = false
})

// Sheets are stretched as in the app.
describe('recovery sheets in the session', { timeout: 60_000 }, () => {
  it('are none where nothing is set up', async () => {
    const { context, refresh } = await start()
    expect(context.sheets.get()).toEqual([])
    await setUpKeyring({ passphrase: 'tea', label: '', cost })
    await refresh()
    expect(context.sheets.get()).toEqual([])
    expect(await context.make({ passphrase: 'cake' })).toMatchObject({ error: 'wrong-passphrase' })
  })

  it('are shown as they come and go, and known again after a restart', async () => {
    await setUpKeyring({ passphrase: 'tea', label: '', cost })
    const { context } = await start()
    const changed = vi.fn()
    context.sheets.subscribe(changed)
    const made = await context.make({ passphrase: 'tea' })
    if (!made.ok) throw new Error(made.error)
    const { words, ...sheet } = made.value
    expect(context.sheets.get()).toEqual([sheet])
    expect((await start()).context.sheets.get()).toEqual([sheet])
    expect(context.checkWords(words.join(' '))).toBeUndefined()
    expect(await context.tryWords(words.join(' '))).toEqual({ ok: true, value: sheet })
    expect(await context.tryWords('ozone')).toMatchObject({ error: 'wrong-words' })
    expect(await context.revoke(sheet.id)).toEqual({ ok: true, value: undefined })
    expect(context.sheets.get()).toEqual([])
    expect(await context.tryWords(words.join(' '))).toMatchObject({ error: 'wrong-words' })
    expect(changed).toHaveBeenCalled()
  })

  it('open with a new passphrase while locked, and say where opening alone did not work', async () => {
    const root = await setUpKeyring({ passphrase: 'tea', label: '', cost })
    if (!root.ok) throw new Error(root.error)
    const rootKey = toHex(root.value)
    const { context } = await start()
    const made = await context.make({ passphrase: 'tea' })
    if (!made.ok) throw new Error(made.error)
    const words = made.value.words.join(' ')
    expect(await context.replacePassphrase({ words, passphrase: 'cake' })).toMatchObject({ error: 'storage-failed' })
    locked = true
    const other = 'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic'
    expect(await context.replacePassphrase({ words: other, passphrase: 'cake' })).toMatchObject({
      error: 'wrong-words',
    })
    expect(await unlockKeyring({ passphrase: 'tea' })).toMatchObject({ ok: true })
    expect(opened).toEqual([])
    expect(await context.replacePassphrase({ words, passphrase: 'cake' })).toEqual({ ok: true, value: undefined })
    expect(opened).toEqual([rootKey])
    answer = fail('storage-failed')
    expect(await context.replacePassphrase({ words, passphrase: 'bread' })).toMatchObject({ error: 'not-opened' })
    expect(await unlockKeyring({ passphrase: 'bread' })).toMatchObject({ ok: true })
    expect(await unlockKeyring({ passphrase: 'cake' })).toMatchObject({ error: 'wrong-passphrase' })
  })
})
