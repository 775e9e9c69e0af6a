/** The whole interface on a session made of values: `?scene=people-alone` chooses which. */
import { mountApp } from '../../../renderer/app/mount.tsx'
import { scenes } from './scenes.ts'

const name = new URLSearchParams(location.search).get('scene') ?? 'first-run'
const scene = scenes[name]
if (scene === undefined) throw new Error(`no scene ${name}`)
const { fake, path } = scene()
if (location.hash === '' && path !== undefined) location.hash = path
Object.assign(window, { fake })
const root = document.querySelector<HTMLElement>('#root')
if (root === null) throw new Error('no root')
mountApp(root, fake.session)
