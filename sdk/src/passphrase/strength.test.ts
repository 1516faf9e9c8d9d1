import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalisePassphrase } from './normalise.ts'
import { createPassphrase } from './passphrase.ts'
import { assessPassphrase, minPassphraseBits } from './strength.ts'
import { findUnknownWords, generatePassphrase, looksGenerated } from './words.ts'

const address = '0x00000000219ab540356cBB839Cbe05303d7705Fa'
const phrase = 'vivid gravity nurse plunge orbit tackle wisdom'

describe('strength', () => {
  test.each([
    'correct horse battery staple',
    'Correct-Horse-Battery-Staple',
    'to be or not to be that is the question',
    'the quick brown fox jumps over the lazy dog',
    'my dog likes to play in the park',
    'password1234567890',
    'qwertyuiop asdfghjkl zxcvbnm',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'letmein letmein letmein letmein letmein letmein letmein',
    'abandon ability able about above absent absorb',
    'absorb absent above about able ability abandon',
    'abandon abandon abandon abandon abandon abandon about',
    'test test test test test test test test test test test junk',
    'Tr0ub4dor&3',
    '31415926535897932384626433832795',
    '',
  ])('[145] refuses %j', async (weak) => {
    const { bits, problem } = await assessPassphrase(weak)
    expect(problem).toBeDefined()
    expect(bits).toBeLessThan(minPassphraseBits)
    await expect(createPassphrase({ phrase: weak })).rejects.toMatchObject({ code: 'PASSPHRASE_WEAK' })
  })

  test('[145] refuses what others know: address, names, mail', async () => {
    const personal = [address, 'Ada Lovelace', 'ada.lovelace+wallet@analytical-engines.example']
    for (const known of [
      address,
      `my account ${address}`,
      'Ada Lovelace ada.lovelace+wallet@analytical-engines.example',
      `Ada Lovelace ${address.toLowerCase()}!`,
    ])
      expect((await assessPassphrase(known, { personal })).problem, known).toMatch(/personal|guessable/)
    expect((await assessPassphrase(`${address} 47 zebras`, { personal })).problem).toBe('personal')
  })

  test('accepts what is generated, and long phrases of chance', async () => {
    for (const good of [phrase, generatePassphrase(), 'xk29!mfw0apq_z7Qdh4r8', 'b7 kR2 pw9 zzQ4 u81 mn6 xT3 v0e'])
      expect(await assessPassphrase(good)).toEqual({ bits: expect.any(Number), problem: undefined })
    expect(await assessPassphrase(phrase)).toEqual({ bits: 77, problem: undefined })
  })
})

describe('one form', () => {
  test.each([
    ['Vivid Gravity NURSE plunge orbit tackle wisdom', phrase],
    ['  vivid\tgravity\u00a0nurse\u3000plunge  orbit\r\ntackle wisdom \n', phrase],
    ['vivid gra\u00advity nurse\u200b plunge orbit tackle wisdom\ufeff', phrase],
    ['ｖｉｖｉｄ gravity nurse plunge orbit tackle wisdom', phrase],
    ['Grüße aus Köln', 'gru\u0308ße aus ko\u0308ln'],
    ['l’été – “déjà vu”', 'l\'e\u0301te\u0301 - "de\u0301ja\u0300 vu"'],
    ['ﬁve ²', 'five 2'],
    ['Ⅷ Å', 'viii å'],
  ])('[150] %j is %j', (typed, same) => {
    expect(normalisePassphrase(typed)).toBe(normalisePassphrase(same))
  })

  test('[150] is the same from every Unicode form, once and for all', () => {
    const assigned = fc.string({ unit: 'grapheme', maxLength: 40 })
    fc.assert(
      fc.property(assigned, fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD'), (text, form) => {
        let wanted: string
        try {
          wanted = normalisePassphrase(text)
        } catch {
          expect(() => normalisePassphrase(text.normalize(form))).toThrow()
          return
        }
        expect(normalisePassphrase(text.normalize(form))).toBe(wanted)
        expect(normalisePassphrase(` ${text}\u00a0`)).toBe(wanted)
        expect(normalisePassphrase(wanted)).toBe(wanted)
      }),
    )
  })

  test('refuses what a later Unicode may read otherwise', () => {
    for (const odd of ['\u0378', '\ue000', '\u0007', '\ud800'])
      expect(() => normalisePassphrase(`${phrase}${odd}`)).toThrow(expect.objectContaining({ problem: 'characters' }))
  })
})

describe('words', () => {
  test('are seven of 2,048, different, in no order, and never the same twice', () => {
    const phrases = Array.from({ length: 200 }, () => generatePassphrase())
    expect(new Set(phrases).size).toBe(200)
    for (const one of phrases) expect(one.split(' ')).toHaveLength(7)
    expect(new Set(phrases.flatMap((one) => one.split(' '))).size).toBeGreaterThan(900)
    for (const count of [0, 5, 25, 6.5]) expect(() => generatePassphrase({ count })).toThrow('not 6 to 24')
    expect(generatePassphrase({ count: 12 }).split(' ')).toHaveLength(12)
  })

  test('that were mistyped are told by their places', () => {
    expect(findUnknownWords(phrase)).toEqual([])
    expect(findUnknownWords('vivid gravty nurse plunge orbit tackel wisdom')).toEqual([2, 6])
    expect(looksGenerated('vivid gravity nurse plunge orbit')).toBe(false)
  })
})
