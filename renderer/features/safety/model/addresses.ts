/** The addresses a group typed, one on each line; empty lines do not count. */
export const splitLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

function isWebSocketAddress(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url !== undefined && (url.protocol === 'ws:' || url.protocol === 'wss:') && url.hostname !== ''
}

// RFC 7064 and RFC 7065: stun(s): and turn(s): have no slashes.
const isHelperAddress = (address: string): boolean => /^(?:stuns?|turns?):[^/\s][^\s]*$/.test(address)

/** The first line that is not a ws:// or wss:// address. */
export const badMeetingPlace = (text: string): string | undefined =>
  splitLines(text).find((address) => !isWebSocketAddress(address))

/** The first line that is not a stun: or turn: address. */
export const badHelper = (text: string): string | undefined =>
  splitLines(text).find((address) => !isHelperAddress(address))
