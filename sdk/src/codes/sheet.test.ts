import type { Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { createCodes, revealCode } from './recoveryCode.ts'
import { codeSheet, codeSheetFileName, codeSheetText } from './sheet.ts'
import { codeSheetHtml } from './sheetHtml.ts'

const account: Address = '0x00000000219ab540356cBB839Cbe05303d7705Fa'
const codes = createCodes()
const texts = codes.codes.map(revealCode)
const parameters = {
  account,
  appName: 'Example & <Sons>',
  accountName: 'Ada "the first"',
  recoveryUrl: 'https://example.com/recover?lang=en',
  madeAt: 1_760_000_000,
  delay: 86_400,
}

describe('a sheet', () => {
  test('has every code once, in order, with account, set, date, page and wait', () => {
    const text = codeSheetText(codes, parameters)
    texts.forEach((code, index) => {
      expect(text.split(code)).toHaveLength(2)
      expect(text).toContain(`${index + 1}. [ ] ${code}`)
    })
    expect(text).toContain(account)
    expect(text).toContain('Made: 2025-10-09')
    expect(text).toContain('Wait: 24 hours')
    expect(text).toContain('Each code works once.')
    expect(codeSheetText(codes, { account, appName: 'X', madeAt: 0 })).not.toContain('Wait')
  })

  test('as a page loads nothing, runs nothing, and says names as they are', () => {
    const html = codeSheetHtml(codes, parameters)
    for (const code of texts) expect(html.split(code)).toHaveLength(2)
    expect(html).toContain("default-src 'none'")
    expect(html).not.toMatch(/<script|<img|<link|<iframe|\ssrc=|@import|url\(|javascript:|\son\w+=/i)
    // The address of the page to go to is text; the SVG's own is a name.
    expect(html.match(/https?:\/\/[^"<\s]+/g)?.filter((url) => !url.startsWith('https://example.com/recover'))).toEqual(
      ['http://www.w3.org/2000/svg'],
    )
    expect(html).toContain('Example &#38; &#60;Sons&#62;')
    expect(html).not.toContain('<Sons>')
  })

  test('[142] has no secret in its QR code, its file name or any address', () => {
    const { link, facts, advice, title } = codeSheet(codes, parameters)
    expect(link).toBe(`https://example.com/recover?lang=en#account=${account}`)
    const open = JSON.stringify([link, facts, advice, title, codeSheetFileName(codes, parameters)])
    for (const code of texts) for (const group of [code, code.replaceAll('-', '')]) expect(open).not.toContain(group)
    expect(codeSheet(codes, { account, appName: 'X', madeAt: 0 }).link).toBe(account)
    expect(codeSheetFileName(codes, parameters)).toMatch(/^example-sons-recovery-codes-000000-set-[0-9A-F]{6}\.txt$/)
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', 'not an address', 'file:///x'])(
    'refuses %s as its page',
    (url) => {
      expect(() => codeSheetText(codes, { ...parameters, recoveryUrl: url })).toThrow('no address of the web')
    },
  )
})
