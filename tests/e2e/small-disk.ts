/** A disk of its own that is small, and how it gets full. Needs root on Linux. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

/** `size` as mount(8) takes it, for example '420m'. */
export function mountDisk(path: string, size: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'pipe' })
}

/** Even while something on it is still open. */
export function unmountDisk(path: string): void {
  execFileSync('umount', ['-l', path], { stdio: 'pipe' })
}

export function takeRoom(path: string, size: string): void {
  execFileSync('fallocate', ['-l', size, path], { stdio: 'pipe' })
}

/** Until there is room for a page or so. */
export function fillDisk(path: string): void {
  const part = Buffer.alloc(4096)
  try {
    for (;;) writeFileSync(path, part, { flag: 'a' })
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC')) throw thrown
  }
}
