/** What the services keep in the profile for the person. It is deleted file by file, each by its name, so that nothing else is ever touched. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProfilePort, SignalingPort } from '../../../shared/host/ports.ts'
import { wrapperOf } from '../keychain/kept-file.ts'
import { readRemembered, REMEMBERED_FILE, writeRemembered } from './remembered.ts'
import { SIGNALING_FILE } from '../signaling/settings.ts'

/** Without `installation.json`: it says where the window's own storage is, and nothing of the person. */
const KEPT: readonly string[] = [SIGNALING_FILE, REMEMBERED_FILE]

/** Also what is left of a file that was being written when the host was killed: `signaling.json.4711.tmp`. */
const isKept = (name: string): boolean =>
  wrapperOf(name) !== undefined ||
  KEPT.some((kept) => name === kept || (name.startsWith(`${kept}.`) && name.endsWith('.tmp')))

export const createProfileService = (
  directory: string,
  signaling: Pick<SignalingPort, 'serverStatus' | 'setServer'>,
  log: (line: string) => void,
): ProfilePort => ({
  remembered: () => readRemembered(directory, log),
  remember: (value) => writeRemembered(directory, value),
  async wipe() {
    const { enabled } = await signaling.serverStatus()
    if (enabled) await signaling.setServer({ enabled: false, lan: false })
    for (const name of (await readdir(directory)).filter(isKept)) await rm(join(directory, name), { force: true })
  },
})
