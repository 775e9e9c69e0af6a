/** Every bound of this transport in one place. Times in milliseconds, sizes in bytes. */

/** Fixed on both sides (`negotiated`), far from the low numbers that in-band channels are given. */
export const CHANNEL_ID = 700
/**
 * Small on purpose. A queue of 1 MB lets SCTP's slow start overrun the other side's UDP buffer (212 KB on Linux) after about
 * 2 MB; recovering took 2 to 16 seconds on a fresh connection, most with small frames. With 64 KB there is no such loss,
 * and still 17 to 20 MB/s (Chromium 156, 2 cores, loopback).
 */
export const HIGH_WATER = 64 * 1024
export const LOW_WATER = 16 * 1024
/** Frames that came before anybody listened. */
export const MAX_UNREAD = 8 * 1024 * 1024

/** y-webrtc has no connect timeout of its own: a lost offer would block that pair for ever. */
export const CONNECT_TIMEOUT = 6_000
/** How long a connection without a link is kept, so that a link closed on purpose is not opened again at once. */
export const REOPEN_AFTER = 20_000
/** Only with STUN or TURN servers can gathering take long: then the offer leaves with what was found by now. */
export const GATHER_TIMEOUT = 1_500

/** Above any group's size; y-webrtc's default of 20 to 35 splits a mesh and is filled for good by forged announces. */
export const MAX_CONNECTIONS = 256
/** Attempts in one direction that nobody has answered yet. */
export const MAX_UNANSWERED = 24
/** Heals what an announce lost on its way, or refused where too many came, would leave apart. */
export const ANNOUNCE_EVERY = 10_000

export const MAX_SIGNAL = 64 * 1024
export const MAX_SIGNALS_WAITING = 256
export const MAX_NONCES_REMEMBERED = 4_096
/** What an honest y-webrtc says on its own channel about an empty document is a few bytes. */
export const MAX_CHATTER = 4 * 1024

export const SIGNALING_PATIENCE = 3_000
