/** A feature is one folder and one line in renderer/features/index.ts. What it shows is typed by what it may touch. */
import type { GroupContext, VaultContext } from './contexts.ts'

/** The five areas of the app, then the divider, then the rest. */
export type Area = 'today' | 'meetings' | 'papers' | 'decisions' | 'people' | 'letters' | 'notes'

interface FeatureBase {
  readonly id: string
  readonly area: Area
  /** Path of its start screen, for example '/papers'. Sub-paths belong to the feature. */
  readonly path: string
}

/** `View` is a React component; the type is loose because shared/ knows no React. */
export interface GroupFeature<View> extends FeatureBase {
  readonly scope: 'circle'
  readonly view: View & ((props: { readonly group: GroupContext }) => unknown)
}

export interface DeviceFeature<View> extends FeatureBase {
  readonly scope: 'device'
  readonly view: View & ((props: { readonly vault: VaultContext }) => unknown)
}

export type Feature<View> = GroupFeature<View> | DeviceFeature<View>

/** Keeps the exact type, so that the frame knows which context a view may be handed. */
export const defineFeature = <Defined extends Feature<unknown>>(feature: Defined): Defined => feature
