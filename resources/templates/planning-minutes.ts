/** Minutes that can be written during the meeting, by whoever has the strength: what was decided and who does what, no speeches. */
import { heading, list, page, paragraph, prompt, table, type Template } from './build.ts'

export const planningMinutes: Template = {
  id: 'planning-minutes',
  audience: 'planning',
  content: page(
    paragraph(
      'These minutes are for the planning group. What we decide is told to everybody; who said what stays with us.',
    ),
    prompt('The date, the time, and where we met: in a room, by screen, by phone'),

    heading('Who was there'),
    prompt('Names, and who took part by screen or phone'),
    prompt('Apologies. No reason is needed, and none is written down'),
    prompt('Views that reached us beforehand: by phone, letter, e-mail or WhatsApp'),

    heading('From last time'),
    paragraph('Jobs go on to the next meeting without a word of blame. A job that nobody can do may be dropped.'),
    table(
      ['Job', 'How it stands', 'What now'],
      [prompt('Job'), prompt('Done, begun or not yet'), prompt('Carry over, hand on or drop')],
      [prompt('Job'), prompt('Done, begun or not yet'), prompt('Carry over, hand on or drop')],
    ),

    heading('What we decided, and why'),
    list(
      prompt('What we decided, and the reason in a sentence, for those who were not there'),
      prompt('What we decided, and the reason in a sentence'),
    ),
    prompt('Who saw it differently, if they want that written down'),
    prompt('What should be put to the whole group before it is decided, and how we will ask'),

    heading('Who does what, and by when'),
    table(
      ['Job', 'Who', 'By when'],
      [prompt('Job'), prompt('Name, and who can step in'), prompt('Date')],
      [prompt('Job'), prompt('Name, and who can step in'), prompt('Date')],
      [prompt('Job'), prompt('Name, and who can step in'), prompt('Date')],
    ),
    paragraph('Whoever cannot do a job after all says so, without a reason. Somebody else then takes it, or it waits.'),

    heading('Left for another time'),
    prompt('What we did not get to'),

    heading('Next meeting'),
    prompt('Date, time and place, and how to join from home'),
    prompt('Who leads it, and who writes these minutes'),

    heading('What may be told'),
    paragraph('Nobody’s health or story is written in these minutes. If it has to be, we ask that person first.'),
    prompt('What we will tell the group about this meeting, who tells it, and how'),
  ),
}
