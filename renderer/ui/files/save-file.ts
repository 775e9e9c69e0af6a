/** Long enough for a dialogue that asks where to put it. */
const KEPT_MS = 10 * 60_000

/** Hands bytes to the browser as a download: into the folder for downloads, or where the person says. */
export function saveFile(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
}
