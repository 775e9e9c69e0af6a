export function defaultProfileDirectory(
  platform?: string,
  environment?: Readonly<Record<string, string | undefined>>,
  home?: string,
): string

export function readArguments(
  args: readonly string[],
):
  | { readonly ok: true; readonly profile: string; readonly noWindow: boolean }
  | { readonly ok: false; readonly problem: string }
