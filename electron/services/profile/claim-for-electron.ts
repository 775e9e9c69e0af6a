import { type Result, fail, ok } from '../../../shared/base/errors.ts'
import { keepInstallation, prepareProfile, readInstallation } from './index.ts'

/** Marks a new profile as Electron's; refuses one that the browser host made. The detail is a sentence for the person. */
export async function claimForElectron(
  directory: string,
): Promise<Result<undefined, 'profile-unreadable' | 'profile-of-browser'>> {
  await prepareProfile(directory)
  const known = await readInstallation(directory)
  if (known.ok && known.value.kind === 'electron') return ok(undefined)
  if (known.ok) {
    return fail(
      'profile-of-browser',
      `The installation in ${directory} was made in a browser window, and its data can only be seen there. Start it with: npm start. Nothing has been changed.`,
    )
  }
  if (known.error === 'profile-unreadable') {
    return fail(
      'profile-unreadable',
      `The file installation.json in ${directory} cannot be read, so Teatray does not know where its data is. Nothing has been changed.`,
    )
  }
  const kept = await keepInstallation(directory, { version: 1, kind: 'electron' })
  return kept.ok ? ok(undefined) : claimForElectron(directory)
}
