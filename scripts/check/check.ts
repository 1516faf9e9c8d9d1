export interface CheckResult {
  readonly ok: boolean
  /** What is wrong, one problem per line, or one line about what was checked. */
  readonly detail: string
}

/** One rule about the repository under `root`; it only reads. */
export interface Check {
  readonly name: string
  readonly run: (root: string) => Promise<CheckResult>
}

/** A check whose core lists problems: none means that it passed. */
export function problemCheck(
  name: string,
  find: (root: string) => Promise<{ readonly problems: readonly string[]; readonly summary: string }>,
): Check {
  return {
    name,
    async run(root) {
      const { problems, summary } = await find(root)
      return problems.length === 0 ? { ok: true, detail: summary } : { ok: false, detail: problems.join('\n') }
    },
  }
}
