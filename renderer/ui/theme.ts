import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** Teatray's green; shade 9 carries white text at 8:1. The same values are in theme.css. */
const tea: MantineColorsTuple = [
  '#eef6f4',
  '#dcece8',
  '#b9d9d2',
  '#94c5bb',
  '#74b4a8',
  '#5fa99b',
  '#3f8f81',
  '#2b7a6d',
  '#1c665b',
  '#0e544a',
]

export const theme = createTheme({
  primaryColor: 'tea',
  primaryShade: 9,
  colors: { tea },
  defaultRadius: 'md',
  respectReducedMotion: true,
  focusRing: 'never', // theme.css draws one focus ring for everything
})
