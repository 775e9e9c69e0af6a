/** A feature is one folder and one line in renderer/features/index.ts. What it shows is typed by what it may touch. */
import type * as Y from 'yjs'
import type { DocumentId } from '../base/ids.ts'
import type { CircleContext, GroupContext, VaultContext } from './contexts.ts'

/** The five areas of the app, then the divider, then the rest. */
export type Area = 'today' | 'meetings' | 'papers' | 'decisions' | 'people' | 'letters' | 'notes'

/** As JSON keeps it. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain }

export interface TextOrder {
  readonly labels: readonly string[]
  readonly isUnderStartHere: boolean
  readonly isTemplate: boolean
  /** The day on which the group wants to look at it again, as '2027-11-03'. */
  readonly lookAgainOn: string | null
}

/** A moment of a text that was kept. By names, as `facts`; empty where nobody known has signed it. */
export interface TextVersion {
  /** Empty: Teatray kept it. */
  readonly name: string
  readonly note: string
  readonly by: string
  readonly at: string | null
  readonly agreed: {
    readonly on: string
    readonly by: readonly string[]
    /** Who was there by somebody's account. */
    readonly alsoThere: readonly { readonly name: string; readonly writtenDownBy: string }[]
  } | null
}

/** Something that somebody said about a text; kept beside its words. */
export interface SaidAbout {
  /** 'proposal': `text` is what they would have it say. 'read': they say that they have read it; there are no words. */
  readonly kind: 'comment' | 'proposal' | 'read'
  /** A name; empty: nobody known. */
  readonly by: string
  /** Milliseconds. */
  readonly at: number
  /** Words of the text, as they are; empty: all of it, or nobody can say. */
  readonly about: string
  /** Empty where it was taken back. */
  readonly text: string
  readonly state: 'open' | 'settled' | 'accepted' | 'amended' | 'declined' | 'taken-back'
  /** Why it was proposed, and why some wanted to leave it as it was. */
  readonly reasons: readonly { readonly by: string; readonly at: number; readonly text: string }[]
  readonly replies: readonly { readonly by: string; readonly at: number; readonly text: string }[]
}

/** What lies beside a text's words; read only where it is asked for. */
export interface BesideText {
  /** What was kept of them, newest first. */
  versions(): readonly TextVersion[]
  said(): readonly SaidAbout[]
}

/** One text of a feature: listed without being opened. */
export interface FeatureText {
  readonly id: DocumentId
  /** Where it is shown. */
  readonly path: string
  /** Empty: it has none. */
  readonly title: string
  /** False: the title is only the text's own first line. */
  readonly isTitled: boolean
  /** 'elsewhere': it was given to another circle and is kept here as it was then. */
  readonly state: 'in-use' | 'in-bin' | 'elsewhere'
  /** What people put it in order by. */
  readonly order?: TextOrder
  /** Another one whenever it was noted that its words changed; the words themselves may come later. */
  readonly changed: string
  /**
   * What is known of it beside its words, by plain names, for files that need no Teatray. No identifiers: nobody outside of Teatray can do
   * anything with them.
   */
  readonly facts: { readonly [name: string]: Plain }
  /**
   * Opens it, hands over its words and what lies beside them, and closes it when they are no longer needed. Undefined: it does not open;
   * there is nothing.
   */
  read<Read>(use: (content: Y.XmlFragment | undefined, beside?: BesideText) => Read | Promise<Read>): Promise<Read>
}

/** Somebody or something that has a name and a page of its own, beside the texts. */
export interface Landmark {
  readonly kind: 'person' | 'circle'
  readonly name: string
  readonly path: string
}

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
  readonly texts?: (group: Pick<GroupContext, 'circle' | 'circles'>, circle: CircleContext) => readonly FeatureText[]
  readonly landmarks?: (group: Pick<GroupContext, 'circle' | 'circles'>) => readonly Landmark[]
}

export interface DeviceFeature<View> extends FeatureBase {
  readonly scope: 'device'
  readonly view: View & ((props: { readonly vault: VaultContext }) => unknown)
  readonly texts?: (vault: VaultContext) => readonly FeatureText[]
}

export type Feature<View> = GroupFeature<View> | DeviceFeature<View>

/** Keeps the exact type, so that the frame knows which context a view may be handed. */
export const defineFeature = <Defined extends Feature<unknown>>(feature: Defined): Defined => feature
