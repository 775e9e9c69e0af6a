/** When there is an Electron project. Looks at files alone: a real import of electron would start a download. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { electronProgram } from '../../electron/launcher/choose-host.mjs'
import { electronProjects } from './electron-project.ts'

test('is there where the program is, and its absence can be made a failure', () => {
  expect(electronProjects(undefined, false)).toEqual([])
  expect(() => electronProjects(undefined, true)).toThrow('Electron is not here')
  for (const required of [false, true]) {
    expect(electronProjects('/opt/electron', required)).toMatchObject([{ use: { host: 'electron' } }])
  }
})

test('the program is found by path.txt, also in a folder named by ELECTRON_OVERRIDE_DIST_PATH', () => {
  const root = mkdtempSync(join(tmpdir(), 'teatray-electron-'))
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  try {
    delete process.env['ELECTRON_OVERRIDE_DIST_PATH']
    mkdirSync(join(root, 'node_modules/electron/dist'), { recursive: true })
    mkdirSync(join(root, 'elsewhere'))
    writeFileSync(join(root, 'node_modules/electron/path.txt'), 'tray')
    expect(electronProgram(root)).toBeUndefined()
    writeFileSync(join(root, 'node_modules/electron/dist/tray'), '')
    expect(electronProgram(root)).toBe(join(root, 'node_modules/electron/dist/tray'))
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] = join(root, 'elsewhere')
    expect(electronProgram(root)).toBeUndefined()
    writeFileSync(join(root, 'elsewhere/tray'), '')
    expect(electronProgram(root)).toBe(join(root, 'elsewhere/tray'))
  } finally {
    if (named === undefined) delete process.env['ELECTRON_OVERRIDE_DIST_PATH']
    else process.env['ELECTRON_OVERRIDE_DIST_PATH'] = named
    rmSync(root, { recursive: true, force: true })
  }
})
