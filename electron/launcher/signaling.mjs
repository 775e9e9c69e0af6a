// npm run signaling [-- --port N --host H]. On a fresh clone it does all its own set-up.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt, ensureInstalled, root } from './prepare.mjs'

ensureInstalled()
ensureBuilt()
await import(pathToFileURL(join(root, 'out', 'main', 'signaling.js')).href)
