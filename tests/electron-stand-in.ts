// Vitest's alias for 'electron': the shell takes Electron as a parameter, so no test may import the real one.
throw new Error("A test imported 'electron'. Pass a fake to the shell instead.")
