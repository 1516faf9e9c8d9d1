/** Writes a chain's time for a person: `21 Nov, 14:05`. */
export function formatTime(seconds: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(seconds * 1_000)
}

/** Writes a duration in its largest fitting unit. */
export function formatDuration(seconds: number): string {
  const [count, unit] =
    seconds >= 172_800
      ? [Math.round(seconds / 86_400), 'day']
      : seconds >= 3_600
        ? [Math.round(seconds / 3_600), 'hour']
        : [Math.max(1, Math.round(seconds / 60)), 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
