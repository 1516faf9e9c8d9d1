import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { isCodeSignature } from '../encoding/codes.ts'
import { isRekeyError } from '../errors/base.ts'
import { formatCode, normaliseCode, readCode } from './format.ts'
import { createCodes, forgetCodes, parseCode, revealCode, signWithRecoveryCode } from './recoveryCode.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const content = fc.record({
  index: fc.integer({ min: 0, max: 15 }),
  secret: fc.uint8Array({ minLength: 16, maxLength: 16 }),
})
const bare = (text: string): string => text.replaceAll('-', '')
const groupOf = (place: number): number => Math.floor(place / 5) + 1

/** The error that reading a text gives. */
function problemOf(text: string): { code: string; problem: string; groups: readonly number[]; message: string } {
  try {
    readCode(text)
  } catch (error) {
    if (isRekeyError(error, 'CODE_INVALID')) return error as never
    throw error
  }
  throw new Error('It was read.')
}

describe('a code', () => {
  test('comes back as it went; no two codes have one text, no two texts one code', () => {
    fc.assert(
      fc.property(content, (one) => {
        const text = formatCode(one)
        expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{5}$/)
        expect(readCode(text)).toEqual(one)
      }),
    )
    // Whatever is read is written in one way: the text without its looks.
    const anyText = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 30, maxLength: 30 })
    fc.assert(
      fc.property(fc.oneof(anyText, content.map(formatCode)), (text) => {
        let read: ReturnType<typeof readCode>
        try {
          read = readCode(text)
        } catch {
          return
        }
        expect(bare(formatCode(read))).toBe(normaliseCode(text))
      }),
    )
  })

  test('[136] tells every wrong character, and its group', () => {
    fc.assert(
      fc.property(content, (one) => {
        const text = bare(formatCode(one))
        for (let place = 0; place < text.length; place++)
          for (const character of alphabet) {
            if (character === text[place]) continue
            const { problem, groups } = problemOf(text.slice(0, place) + character + text.slice(place + 1))
            expect(problem).toBe('checksum')
            expect(groups).toContain(groupOf(place))
            expect(groups.length).toBeLessThan(6)
          }
      }),
      { numRuns: 4 },
    )
  })

  test('[136] tells every swap of two characters, wherever they stand; of neighbours, their group', () => {
    fc.assert(
      fc.property(content, (one) => {
        const text = bare(formatCode(one))
        for (let first = 0; first < text.length; first++)
          for (let second = first + 1; second < text.length; second++) {
            if (text[first] === text[second]) continue
            const swapped = [...text]
            ;[swapped[first], swapped[second]] = [text[second] as string, text[first] as string]
            const { problem, groups } = problemOf(swapped.join(''))
            expect(problem).toBe('checksum')
            if (second === first + 1) expect(groups).toEqual(expect.arrayContaining([groupOf(first), groupOf(second)]))
          }
      }),
      { numRuns: 4 },
    )
  })

  test('[136] lets one text of 16,384 pass by chance', () => {
    const anyText = fc.sample(fc.string({ unit: fc.constantFrom(...alphabet), minLength: 30, maxLength: 30 }), {
      numRuns: 20_000,
      seed: 1,
    })
    const passed = anyText.filter((text) => {
      try {
        return readCode(text) !== undefined
      } catch (error) {
        return isRekeyError(error, 'CODE_INVALID') && (error as never as { problem: string }).problem === 'version'
      }
    })
    expect(passed.length).toBeLessThan(5)
  })

  test('[138] is read in lower case, with O for 0, I and L for 1, with blanks, dashes and the number of the sheet', () => {
    fc.assert(
      fc.property(content, fc.constantFrom(' ', '', '\n', ' – ', '\u00a0', '_', ' - '), (one, separator) => {
        const text = formatCode(one).split('-').join(separator)
        const typed = [
          text.toLowerCase(),
          text.replaceAll('0', 'O').replaceAll('1', 'I'),
          text.replaceAll('0', 'o').replaceAll('1', 'l'),
          `${one.index + 1}. ${text}`,
          ` ${one.index + 1}) ${text}\n`,
          [...text].map((character) => String.fromCodePoint(fullWidth(character))).join(''),
        ]
        for (const version of typed) expect(readCode(version)).toEqual(one)
      }),
    )
    function fullWidth(character: string): number {
      const point = character.codePointAt(0) as number
      return point > 32 && point < 127 ? point + 0xfee0 : point
    }
  })

  test('that is cut, extended, has a U or is of another version is told, with nothing of it in the error', () => {
    const text = formatCode({ index: 3, secret: Uint8Array.from({ length: 16 }, (_, place) => place * 7) })
    expect(problemOf(text.slice(0, -1))).toMatchObject({ problem: 'length', groups: [] })
    expect(problemOf(`${text}0`)).toMatchObject({ problem: 'length' })
    expect(problemOf('')).toMatchObject({ problem: 'length' })
    expect(problemOf(`${text.slice(0, 13)}U${text.slice(14)}`)).toMatchObject({ problem: 'character', groups: [3] })
    // The zero code is a codeword: of version 0.
    expect(problemOf('00000-00000-00000-00000-00000-00000').code).toBe('CODE_INVALID')
    const broken = problemOf(`${text.slice(0, -1)}${text.endsWith('Z') ? 'Y' : 'Z'}`)
    for (const group of text.split('-')) expect(inspect(broken, { depth: 9 })).not.toContain(group)
  })
})

describe('a set', () => {
  test('[136] has 128 random bits a code, none more likely than the other', () => {
    const sets = Array.from({ length: 60 }, () => createCodes({ count: 16 }))
    const ones = Array.from({ length: 128 }, () => 0)
    const characters = new Map<string, number>()
    for (const { codes } of sets)
      for (const code of codes) {
        const { secret } = readCode(revealCode(code))
        for (let bit = 0; bit < 128; bit++)
          ones[bit] = (ones[bit] ?? 0) + (((secret[bit >> 3] as number) >> (bit & 7)) & 1)
        // Characters 3 to 26 hold nothing but secret.
        for (const character of bare(revealCode(code)).slice(2, 27))
          characters.set(character, (characters.get(character) ?? 0) + 1)
      }
    const count = 60 * 16
    // Six standard deviations: by chance in one run of a million.
    for (const sum of ones) expect(Math.abs(sum - count / 2)).toBeLessThan(6 * Math.sqrt(count / 4))
    const expected = (count * 25) / 32
    const chiSquare = [...alphabet].reduce(
      (sum, one) => sum + ((characters.get(one) ?? 0) - expected) ** 2 / expected,
      0,
    )
    expect(chiSquare).toBeLessThan(31 + 6 * Math.sqrt(62))
    expect(new Set(sets.flatMap(({ addresses }) => addresses)).size).toBe(count)
  })

  test('[137] is never weaker: no other sizes, no other counts, no source that repeats', () => {
    for (const count of [0, 17, -1, 1.5, Number.NaN]) expect(() => createCodes({ count })).toThrow('codes, not 1 to 16')
    for (const length of [0, 8, 15, 17, 32])
      expect(() => formatCode({ index: 0, secret: new Uint8Array(length) })).toThrow('instead of 16')
    for (const index of [-1, 16, 0.5]) expect(() => formatCode({ index, secret: new Uint8Array(16) })).toThrow('place')
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((bytes) => bytes)
    expect(() => createCodes()).toThrow(expect.objectContaining({ code: 'RANDOM_BROKEN' }))
    expect(() => createCodes({ count: 1 })).toThrow(expect.objectContaining({ code: 'RANDOM_BROKEN' }))
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((bytes) => {
      if (bytes instanceof Uint8Array) for (let place = 0; place < bytes.length; place++) bytes[place] = place % 16
      return bytes
    })
    expect(() => createCodes({ count: 2 })).toThrow(expect.objectContaining({ code: 'RANDOM_BROKEN' }))
  })

  test('signs with any of its codes, read back from paper', async () => {
    const { codes, set } = createCodes()
    for (const code of codes) {
      const typed = parseCode(revealCode(code))
      expect(typed).toEqual(code)
      const signature = signWithRecoveryCode(typed, set, set.root)
      expect(await isCodeSignature(set.key, set.root, signature)).toBe(true)
    }
  })

  test('[142] prints, logs, copies and stores none of its secrets', () => {
    const made = createCodes()
    const texts = made.codes.map(revealCode)
    const secrets = texts.flatMap((text) => [text, bare(text), Buffer.from(readCode(text).secret).toString('hex')])
    const seen = [
      JSON.stringify(made),
      inspect(made, { depth: 9, showHidden: true }),
      String(made.codes[0]),
      JSON.stringify(structuredClone(made)),
      JSON.stringify(Object.getOwnPropertyDescriptors(made.codes[0])),
    ].join('\n')
    for (const secret of secrets) expect(seen.toLowerCase()).not.toContain(secret.toLowerCase())
    expect(() => revealCode(structuredClone(made).codes[0] as never)).toThrow('not known any more')
  })

  test('is forgotten when that is said', () => {
    const { codes, set } = createCodes({ count: 2 })
    forgetCodes(codes)
    for (const code of codes) {
      expect(() => revealCode(code)).toThrow('not known any more')
      expect(() => signWithRecoveryCode(code, set, set.root)).toThrow('not known any more')
    }
  })
})
