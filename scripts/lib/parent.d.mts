export function watchParent(onEnd: () => void): void
