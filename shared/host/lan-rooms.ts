/** Rooms the LAN announces at once; one more is refused ('too-many-rooms'). See electron/services/lan/tags.ts for why. */
export const MAX_LAN_ROOMS = 48
