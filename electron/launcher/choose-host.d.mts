export function chooseHost(facts: {
  readonly noWindow: boolean
  readonly madeIn: 'electron' | 'browser' | undefined
  readonly hasElectron: () => boolean
}): { readonly host: 'electron' | 'browser' | 'none'; readonly why: string }
export function madeIn(profile: string): 'electron' | 'browser' | undefined
export function electronProgram(root: string): string | undefined
export function fetchElectron(root: string, now?: number): void
export function runElectron(program: string, root: string, profile: string): Promise<number>
