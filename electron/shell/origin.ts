/** The window's own address. */
export const SCHEME = 'app'
export const HOST = 'teatray'
export const ORIGIN = `${SCHEME}://${HOST}`

/** Protocol and host are compared: Node's `new URL('app://x/').origin` is the text 'null'. */
export function isOwn(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host, username, password } = new URL(url)
  return protocol === `${SCHEME}:` && host === HOST && username === '' && password === ''
}

/** The only links that may leave for the system's browser. */
export function isOpenable(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, username, password } = new URL(url)
  return protocol === 'https:' && username === '' && password === ''
}
