/** One page to have at hand while leading; the hardest part first. From what groups say went wrong when nobody acted. */
import { heading, list, page, paragraph, prompt, ticks, type Template } from './build.ts'

export const facilitatorsCard: Template = {
  id: 'facilitators-card',
  audience: 'group',
  content: page(
    paragraph('You are one of us, not the expert. You keep to what we agreed, and see that everybody can take part.'),

    heading('If somebody tells something terrible'),
    list(
      'Stop it early and kindly. Thank them for their trust, and say that it is heavy and matters.',
      'Do not let others add their own in turn.',
      'Say where help can be found that we cannot give. Ask whether others know of more.',
      'Offer a break. Then lead back to what we came for.',
      'Speak to that person alone afterwards, and ask after everybody who was there.',
    ),
    prompt('Words that come easily to you. For example: thank you; this deserves more than we can give it here'),

    heading('If somebody may be in danger'),
    prompt('The number to ring at once, day and night'),
    prompt('Who of us is to be told, and how to reach them'),
    paragraph('Tell the person what you are going to do. We keep secrets, but not this one.'),

    heading('Before'),
    ticks(
      'Chairs, light, water, somewhere to lie down',
      'The link works, and somebody else can start the meeting too',
      prompt('Something else to see to in our place'),
    ),
    prompt('Who is new today, and who keeps them company'),
    prompt('Who leads on if you cannot'),

    heading('To begin'),
    prompt('A sentence of welcome, what we agreed in a sentence or two, and how long we have'),
    prompt('A round that is easy to pass: a name and, if you like, how today is'),

    heading('On the way'),
    list(
      'Somebody talks for long: thank them, and ask who has known something like it.',
      'Somebody gives advice: ask what it was like for them.',
      'Nobody talks: leave the silence be. It is not a failure.',
      'Some have not spoken: ask the room, not the person.',
    ),
    prompt('Something that tends to happen with us, and what helps'),

    heading('To end'),
    prompt('A light last round, so that nobody goes home with the heaviest of it'),
    prompt('What comes next, and whom to ring in between'),

    heading('Afterwards'),
    prompt('Who listens to you. Leading is work too'),
    paragraph('What was sensitive goes into your own notes, not into a paper of the group.'),
  ),
}
