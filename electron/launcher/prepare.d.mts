export const root: string
export function ensureNode(version?: string): void
export function isInstalled(directory?: string): boolean
export function install(): boolean
export function ensureInstalled(): void
export function isBuilt(directory?: string): boolean
export function build(): boolean
export function ensureBuilt(): void
