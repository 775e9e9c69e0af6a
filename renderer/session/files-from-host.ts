/** Update files that the system asked the host to open: handed to the window, each once. */
import { describeThrown } from '../../shared/base/errors.ts'
import type { FileFromOutside } from '../../shared/model/contexts.ts'
import type { FileToOpen } from '../../shared/host/ports.ts'
import type { HostClient } from '../../shared/host/rpc.ts'

type Host = Pick<HostClient, 'onEvent'> & { readonly ports: Pick<HostClient['ports'], 'files'> }

async function readWhole({ files }: Host['ports'], { id, size }: FileToOpen): Promise<Uint8Array> {
  // As large as it was when it was opened; one that has changed since is refused by its checksum.
  const whole = new Uint8Array(size)
  for (let at = 0; at < size;) {
    const { bytes } = await files.read({ id, offset: at })
    if (bytes.length === 0) break
    whole.set(bytes.subarray(0, size - at), at)
    at += bytes.length
  }
  await files.done({ id })
  return whole
}

export function filesFromHost(
  { ports, onEvent }: Host,
  log: (line: string) => void,
): (listener: (files: readonly FileFromOutside[]) => void) => () => void {
  const given = new Set<string>()
  return (listener) => {
    let stopped = false
    const ask = async (): Promise<void> => {
      const waiting = await ports.files.waiting()
      const fresh = waiting.filter(({ id }) => !given.has(id))
      if (stopped || fresh.length === 0) return
      for (const { id } of fresh) given.add(id)
      listener(fresh.map((file) => ({ name: file.name, size: file.size, read: () => readWhole(ports, file) })))
    }
    const askSafely = (): void => void ask().catch((thrown: unknown) => log(`files: ${describeThrown(thrown)}`))
    const stop = onEvent((event) => {
      if (event.type === 'files-waiting') askSafely()
    })
    askSafely()
    return () => {
      stopped = true
      stop()
    }
  }
}
