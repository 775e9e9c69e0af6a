import { localStorageColorSchemeManager, MantineProvider, useMantineColorScheme } from '@mantine/core'
import type { ReactNode } from 'react'
import './styles.ts'
import { useAppliedEasyLook } from './easy-look.ts'
import { LiveRegion } from './live-region.tsx'
import { theme } from './theme.ts'

// How the window looks says nothing about the group, so it may stand unsealed.
const colorSchemeManager = localStorageColorSchemeManager({ key: 'teatray-colours' })

/** Theme, colours and the place announcements are read from; once, around everything. */
export function UiProvider({ children }: { readonly children: ReactNode }) {
  useAppliedEasyLook()
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemeManager}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      {children}
      <LiveRegion />
    </MantineProvider>
  )
}

export type ColourChoice = 'auto' | 'light' | 'dark'

/** The person's choice of colours, kept on this computer; 'auto' follows the system. */
export function useColourChoice(): { readonly choice: ColourChoice; readonly choose: (choice: ColourChoice) => void } {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  return { choice: colorScheme, choose: setColorScheme }
}
