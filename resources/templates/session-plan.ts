/** One session about one theme, made so that anybody of the group could lead it on the day. */
import { heading, list, page, paragraph, prompt, table, type Template } from './build.ts'

export const sessionPlan: Template = {
  id: 'session-plan',
  audience: 'planning',
  content: page(
    prompt('The theme, in words that somebody new understands'),
    prompt('Who wished for it, and why now'),
    prompt('Who leads, and who could take over on the day'),

    heading('What people may take home'),
    prompt('One thing. More is seldom remembered'),
    paragraph('We share what has helped us. We are not the clinic, and do not teach.'),

    heading('How it goes'),
    table(
      ['What happens', 'Who', 'About how long'],
      [prompt('Welcome, and the theme in two sentences'), prompt('Name'), prompt('Minutes')],
      [prompt('A question that everybody can answer, and may pass'), prompt('Name'), prompt('Minutes')],
      ['A break: move, stretch, tea', 'All of us', prompt('Minutes')],
      [prompt('Something to try, look at or listen to'), prompt('Name'), prompt('Minutes')],
      [prompt('Time to talk: at least half of the whole'), prompt('Name'), prompt('Minutes')],
      [prompt('A light end'), prompt('Name'), prompt('Minutes')],
    ),

    heading('So that everybody can take part'),
    list(
      prompt('Those who are at home: what they need to have, and who looks after them'),
      prompt('Those who cannot sit, see or hear well, or read for long'),
    ),
    prompt('What could be hard to hear in this theme, and how we say so first'),

    heading('If it turns out otherwise'),
    prompt('The part that can be left out'),
    prompt('What we do if only three people come'),

    heading('To have ready'),
    prompt('Papers, links, tea, and who sees to each'),

    heading('Afterwards'),
    prompt('What went well, and what we would do another way'),
  ),
}
