/** A feature is one folder and one line in renderer/features/index.ts. What it shows is typed by what it may touch. */
import type * as Y from 'yjs'
import type { CircleContext, GroupContext, VaultContext } from './contexts.ts'

/** The five areas of the app, then the divider, then the rest. */
export type Area = 'today' | 'meetings' | 'papers' | 'decisions' | 'people' | 'letters' | 'notes'

/** As JSON keeps it. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain }

/** One text of a feature, for files that need no Teatray. */
export interface ExportedText {
  /** Empty: it has none. */
  readonly title: string
  /** False: the title is only the text's own first line. */
  readonly isTitled: boolean
  /** 'elsewhere': it was given to another circle and is kept here as it was then. */
  readonly state: 'in-use' | 'in-bin' | 'elsewhere'
  /** What is known of it beside its words, by plain names. No identifiers: nobody outside of Teatray can do anything with them. */
  readonly facts: { readonly [name: string]: Plain }
  /** Only until the next text is asked for. Undefined: it does not open. */
  readonly content: Y.XmlFragment | undefined
}

export type ExportedTexts = AsyncIterable<ExportedText>

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
  /** All that it has in one circle of the group, or in the group itself; what is in the bin, too. */
  readonly texts?: (group: Pick<GroupContext, 'circle' | 'circles'>, circle: CircleContext) => ExportedTexts
}

export interface DeviceFeature<View> extends FeatureBase {
  readonly scope: 'device'
  readonly view: View & ((props: { readonly vault: VaultContext }) => unknown)
  readonly texts?: (vault: VaultContext) => ExportedTexts
}

export type Feature<View> = GroupFeature<View> | DeviceFeature<View>

/** Keeps the exact type, so that the frame knows which context a view may be handed. */
export const defineFeature = <Defined extends Feature<unknown>>(feature: Defined): Defined => feature
