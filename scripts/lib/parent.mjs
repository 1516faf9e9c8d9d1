const pollMs = 500

/**
 * Calls `onEnd` once when the process that started this one has ended. npm passes a signal to a shell of its own, which
 * ends without passing it on: without this, what `npm start` and `npm test` started would stay behind.
 * @param {() => void} onEnd
 */
export function watchParent(onEnd) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onEnd()
  }, pollMs)
  timer.unref()
}
