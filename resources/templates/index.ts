import type { Template } from './build.ts'
import { facilitatorsCard } from './facilitators-card.ts'
import { firstInvitation } from './first-invitation.ts'
import { groupAgreement } from './group-agreement.ts'
import { handover } from './handover.ts'
import { meetingAgenda } from './meeting-agenda.ts'
import { onlineGuidelines } from './online-guidelines.ts'
import { plan } from './plan.ts'
import { planningMinutes } from './planning-minutes.ts'
import { roleCard } from './role-card.ts'
import { sessionPlan } from './session-plan.ts'
import { signposting } from './signposting.ts'
import { termsOfReference } from './terms-of-reference.ts'

export type { Audience, Template } from './build.ts'
/** In the order in which a group is likely to need them. */
export const templates: readonly Template[] = [
  termsOfReference,
  groupAgreement,
  firstInvitation,
  meetingAgenda,
  onlineGuidelines,
  facilitatorsCard,
  planningMinutes,
  plan,
  sessionPlan,
  roleCard,
  handover,
  signposting,
]
