/** Tells the time for work that takes a while: Unix time in seconds. */
export type Clock = () => number

/** This device's clock. */
export const deviceClock: Clock = () => Math.floor(Date.now() / 1_000)
