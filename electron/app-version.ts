import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'

const packageJson = v.object({ version: v.string() })

/** `root`: the folder of package.json, in the source tree as in the packaged app. */
export async function readAppVersion(root: string): Promise<string> {
  return v.parse(packageJson, JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))).version
}
