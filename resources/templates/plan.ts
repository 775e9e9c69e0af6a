/** A plan for one thing, small enough to be done by people with few good days. */
import { heading, list, page, paragraph, prompt, table, ticks, type Template } from './build.ts'

export const plan: Template = {
  id: 'plan',
  audience: 'planning',
  content: page(
    heading('What we want to do, and for whom'),
    prompt('In one or two sentences: what will be there that is not there now'),
    prompt('Who it is for, and what they have told us that they want'),
    prompt('Who we still want to ask before we begin'),

    heading('Keep it small'),
    paragraph('One new thing at a time. We try it for a while, and may stop it.'),
    prompt('The smallest version of this that would still be worth doing'),
    prompt('What we will leave out, or put off'),
    prompt('How long we try it before we ask whether to go on'),

    heading('Steps'),
    table(
      ['Step', 'Who', 'By when'],
      [prompt('First step'), prompt('Name, and who can step in'), prompt('Date')],
      [prompt('Next step'), prompt('Name, and who can step in'), prompt('Date')],
      [prompt('Next step'), prompt('Name, and who can step in'), prompt('Date')],
    ),
    list(
      'Dates are there to help. If one cannot be kept, we choose another.',
      'No step rests on one person alone. Where it does, we look for a second before we begin.',
    ),

    heading('What help we need'),
    prompt('A room, money, a skill, a lift, somebody to ring. Who could we ask'),

    heading('Before we begin'),
    ticks(
      'Those it is for were asked.',
      'It can be joined from home too, and by people who are not online.',
      'Each step has somebody who can step in.',
      'Those who do the work have said that it is not too much.',
    ),

    heading('How we will know that it went well'),
    prompt('What we would see or hear. What people say counts more than numbers'),

    heading('When we look at this again'),
    prompt('A date, and who brings it up'),
    prompt('Afterwards: what went well, what was too much, what we would do again'),
  ),
}
