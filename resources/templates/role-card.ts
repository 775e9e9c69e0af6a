/** One job on one page, with a deputy from the start: so that whoever has it can rest, and nobody is needed for ever. */
import { heading, list, page, paragraph, prompt, ticks, type Template } from './build.ts'

export const roleCard: Template = {
  id: 'role-card',
  audience: 'group',
  content: page(
    prompt('The job, in a few words'),
    prompt('Who has it, since when, and until when at first'),
    prompt('The deputy, who can do it too'),
    paragraph('Whoever has this job may rest from it at any time. It needs no reason: the deputy takes over.'),

    heading('What it is for'),
    prompt('What would be missing if nobody did it'),

    heading('What there is to do'),
    ticks(
      prompt('Before a meeting'),
      prompt('At a meeting'),
      prompt('After a meeting'),
      prompt('Once a month or less'),
    ),
    prompt('How much time it takes in a good week, and in a bad one'),
    prompt('What may be left out when strength is short'),

    heading('What it is good to be able to do'),
    prompt('And what can be learnt on the way, from whom'),

    heading('What one needs'),
    list(
      prompt('Papers, lists and where they are'),
      prompt('Keys, a phone, accounts. Never write a passphrase here'),
      prompt('People to know, and how to reach them'),
    ),

    heading('What is not part of it'),
    prompt('So that it does not grow by itself'),

    heading('When we look at it again'),
    prompt('A date. Then we ask: go on, share it, hand it on, or drop it?'),
  ),
}
