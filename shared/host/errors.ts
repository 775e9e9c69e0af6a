/**
 * How a refusal crosses between the window and its host: a short name a screen can turn into a sentence, and a detail for
 * the log. A host method rejects with one; the window's copy of the port rejects with an equal one.
 */
export class HostError extends Error {
  override readonly name = 'HostError'
  /** A named reason such as 'link-closed': lower-case letters, digits and hyphens. */
  readonly error: string
  /** Empty where there is nothing to add. */
  readonly detail: string

  constructor(error: string, detail = '') {
    super(detail === '' ? error : `${error}: ${detail}`)
    this.error = error
    this.detail = detail
  }
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/** Any thrown thing as a HostError: its own name where it has one ('link-closed'), else 'host-failed'. */
export function toHostError(thrown: unknown): HostError {
  if (thrown instanceof HostError) return thrown
  if (thrown instanceof Error) {
    return NAME.test(thrown.message) ? new HostError(thrown.message) : new HostError('host-failed', thrown.message)
  }
  return new HostError('host-failed', String(thrown))
}
