/** All papers of one circle, as they are listed: those in use, those in the bin, those that were given elsewhere. */
import type { CircleContext, GroupContext, OpenDocument } from '../../../../shared/model/contexts.ts'
import type { FeatureText, TextVersion } from '../../../../shared/model/feature.ts'
import type { MemberId } from '../../../../shared/base/ids.ts'
import { plainTime } from '../../../../shared/model/plain-time.ts'
import { readContent } from '../../../../shared/model/read-content.ts'
import { allRecords } from '../../../../shared/model/record.ts'
import { CONTENT } from './commands.ts'
import { labelsOf } from './labels.ts'
import { paperRecord, type Paper } from './paper.ts'
import { knownPeople } from './places.ts'
import { byLastChange, movedTo } from './selectors.ts'
import { saidAbout } from './talk/said-about.ts'
import { agreementsOf } from './versions/agreement.ts'
import { versionsOf } from './versions/version.ts'

function factsOf(
  paper: Paper,
  { circle, circles }: Pick<GroupContext, 'circle' | 'circles'>,
  nameOf: (id: MemberId) => string,
): FeatureText['facts'] {
  const names = new Map([circle, ...circles.get()].map(({ id, name }) => [id, name.get()]))
  return {
    template: paper.template,
    made: { by: nameOf(paper.createdBy), at: plainTime(paper.createdAt) },
    changed: [...paper.changed].map(([by, at]) => ({ by: nameOf(by), at: plainTime(at) })),
    putInBin:
      paper.binnedAt === null
        ? null
        : { by: paper.binnedBy === null ? null : nameOf(paper.binnedBy), at: plainTime(paper.binnedAt) },
    givenTo: movedTo(paper).map(({ to, by, at }) => ({
      circle: names.get(to) ?? null,
      by: nameOf(by),
      at: plainTime(at),
    })),
  }
}

function keptOf(
  { doc, attribution }: Pick<OpenDocument, 'doc' | 'attribution'>,
  nameOf: (id: MemberId | undefined) => string,
): readonly TextVersion[] {
  const agreements = agreementsOf(doc, attribution)
  return versionsOf(doc, attribution).list.map(({ id, name, note, by, at }) => {
    const agreed = agreements.find(({ version }) => version === id)
    return {
      name,
      note,
      by: nameOf(by),
      at: plainTime(at),
      agreed:
        agreed === undefined
          ? null
          : {
              on: agreed.day,
              by: agreed.members.map(nameOf),
              alsoThere: agreed.recorded.map((one) => ({ name: one.name, writtenDownBy: nameOf(one.by) })),
            },
    }
  })
}

const stateOf = (paper: Paper): FeatureText['state'] =>
  paper.binnedAt !== null ? 'in-bin' : movedTo(paper).length > 0 ? 'elsewhere' : 'in-use'

/** The last changed first. */
export function textsOf(
  group: Pick<GroupContext, 'circle' | 'circles'>,
  circle: CircleContext,
): readonly FeatureText[] {
  const people = knownPeople({ people: circle.people.get(), departures: circle.departures.get() })
  const names = new Map(people.map(({ id, name }) => [id, name]))
  const nameOf = (id: MemberId | undefined): string => (id === undefined ? '' : (names.get(id) ?? ''))
  return allRecords(circle.records, paperRecord)
    .toSorted(byLastChange)
    .map((paper) => ({
      id: paper.id,
      path: `/papers/${paper.id}`,
      title: paper.title,
      isTitled: true,
      state: stateOf(paper),
      order: {
        labels: labelsOf(paper).map(({ name }) => name),
        isUnderStartHere: paper.pinned,
        isTemplate: paper.isTemplate,
        lookAgainOn: paper.reviewOn,
      },
      changed: [...paper.changed].flat().join(' '),
      facts: factsOf(paper, group, nameOf),
      read: (use) =>
        readContent(circle.open(paper.id), CONTENT, (content, opened) =>
          use(
            content,
            opened === undefined
              ? undefined
              : { versions: () => keptOf(opened, nameOf), said: () => saidAbout(opened, nameOf) },
          ),
        ),
    }))
}
