/** Words to ask people to a first meeting. It says what awaits them, since not knowing keeps people at home. */
import { heading, list, page, paragraph, prompt, type Template } from './build.ts'

export const firstInvitation: Template = {
  id: 'first-invitation',
  audience: 'group',
  content: page(
    prompt('Dear …, or nobody’s name, if it is to hang on a wall'),
    paragraph('We live with pain that stays, and would like to meet others who do. Perhaps you would too.'),
    prompt('Who we are, in two sentences, and how we came to it'),

    heading('When and where'),
    prompt('Day, time, and how long'),
    prompt('The place, and how to get in: steps, lift, parking, chairs, toilets'),
    prompt('How to join by screen or phone instead'),
    prompt('What it costs. If nothing, say so'),

    heading('What will happen'),
    list(
      'A cup of tea, a welcome, and names. A first name is enough.',
      'We talk about whatever people bring. You may just listen.',
      'You can lie down, stretch, come late and leave early.',
      'Nobody sells anything, gives medical advice, or asks for your papers.',
      prompt('What else is planned, if anything'),
    ),
    prompt('Who it is for, and whether you may bring somebody'),

    heading('If you would like to come'),
    prompt('Whom to ring or write to, and when an answer can be expected'),
    paragraph('You need not say beforehand. If you find on the day that you cannot, that needs no excuse.'),
    prompt('What you can tell us beforehand, so that it is easier for you'),

    heading('If this time does not suit you'),
    prompt('When the next one is, or how to hear of it'),
    prompt('Our names'),
  ),
}
