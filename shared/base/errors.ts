/**
 * Errors at boundaries are named values: a caller must look at `ok`, and a screen can turn the name into a sentence.
 * Exceptions are left for what no caller can act on.
 */
export type Result<Value, Name extends string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Name; readonly detail?: string }

export const ok = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value })

export const fail = <Name extends string>(
  error: Name,
  detail?: string,
): { readonly ok: false; readonly error: Name; readonly detail?: string } =>
  detail === undefined ? { ok: false, error } : { ok: false, error, detail }

/** What was thrown, as one line for a log. */
export const describeThrown = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
