/** What Alice and Bob write: the words of a small group as it might be. */

export const GROUP = 'Riverside pain group'

/** Beginning of a prompt of the template -> what is written there; in the order of the paper. */
export const ANSWERS: readonly (readonly [prompt: string, words: string])[] = [
  [
    'The name of our group',
    'Riverside pain group, in the old town. Three of us began it in the spring, when our course at the clinic had ended and we did not want to stop meeting.',
  ],
  ['What we hope people find here', 'Company, a laugh, and people to whom pain need not be explained.'],
  [
    'Who the group is for',
    'Any adult who lives with lasting pain, whatever its cause. A friend or carer is welcome too.',
  ],
  ['How somebody new gets in touch', 'Ring the library and ask for us. Bob rings back within the week.'],
  ['Another job', 'Tea and biscuits'],
  ['How long somebody keeps a job', 'Six months. Then we ask again, and nobody minds a no.'],
  [
    'Who is in the planning group',
    'Alice and Bob for now. Whoever comes to two planning talks is in. Two are enough to decide.',
  ],
  ['How often', 'Every second Tuesday, from two until half past three, with a break for tea.'],
  [
    'Where, and how to get in',
    'The garden room of the library. No steps, a wide door, parking at the back, chairs with and without arms.',
  ],
  ['Whom to talk to', 'Alice. If it is about Alice: Bob.'],
  ['What we need money for', 'There is none. The room is free, and the tea goes round.'],
  ['Which two people', 'Nobody needs to for now.'],
  ['A date, a year from now', 'The first meeting after Easter.'],
  ['When this was agreed', 'Alice and Bob, as a draft for the whole group.'],
]

/** The table's cells, row by row: who does it, and the deputy. */
export const JOBS: readonly string[] = [
  'Bob',
  'Alice',
  'Alice',
  'Bob',
  'In turns',
  'Alice',
  'Bob',
  'Alice',
  'In turns',
  'Bob',
]

export const OTHER_PAPERS: readonly (readonly [title: string, words: readonly string[]])[] = [
  [
    'Poster for the library',
    [
      '# You are not alone with it',
      'We meet every second Tuesday at two, in the garden room.',
      'Come as you are. Leave when you like.',
    ],
  ],
  [
    'Questions for the pain clinic',
    [
      'Can the physiotherapist visit us one afternoon?',
      'Who could pass on our poster to people who finish the course?',
    ],
  ],
  [
    'What went well last time',
    ['- We started with how everybody had slept, and that was enough.', 'Lying down on the mats was used and liked.'],
  ],
]

export const NOTE: readonly string[] = [
  'After the planning talk',
  'Two hours was too long for me. My back took the evening to calm down.',
  'Next time I say after one hour that I lie down. Bob will not mind, he does it too.',
]

/** Both write in the paragraph that holds these words, apart: Alice before them, Bob after them. */
export const PARAGRAPH = 'This is how we agree to run our group'
export const BY_ALICE = 'Written by people who live with pain themselves. '
export const BY_BOB = ' Once a year we read it aloud together.'
