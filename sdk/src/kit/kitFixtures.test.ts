import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { kitHash } from './kitJson.ts'
import { readKit } from './readKit.ts'
import { readSheet } from './sheet.ts'

/**
 * Kits as earlier releases wrote them, on paper and disk for ever. A file is added with each version, and none is changed:
 * what people have in their drawers stays readable.
 */
const folder = new URL('../../../test/fixtures/kit/', import.meta.url)
const files = readdirSync(folder)
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8')

/** What each version's kit is known by, whatever its form. */
const versions: Readonly<Record<string, { account: string; hash: string; guardians: number }>> = {
  v1: {
    account: '0x3054Afff0D1fD20506e1aeB3b77fD64A3e05AB89',
    hash: '0xaf751d826e98705011ea02acee42d79fed1d887bf6791443db5ce29ca7cf09d7',
    guardians: 3,
  },
}

test('there is a fixture of every version in every form', () => {
  expect(files.toSorted()).toEqual(
    Object.keys(versions).flatMap((version) => [
      `${version}.html`,
      `${version}.json`,
      `${version}.sheet.txt`,
      `${version}.txt`,
    ]),
  )
})

test.each(files.filter((file) => !file.includes('.sheet.')))('%s is read', (file) => {
  const version = versions[file.split('.')[0] ?? '']
  const kit = readKit(read(file), { contracts: 'ofKit' })
  expect(kit.account).toBe(version?.account)
  expect(kitHash(kit)).toBe(version?.hash)
  expect(kit.guardians).toHaveLength(version?.guardians ?? 0)
  expect(kit.guardians.filter(({ reveal }) => reveal)).toHaveLength(1)
})

test.each(files.filter((file) => file.includes('.sheet.')))('%s is read', (file) => {
  const version = file.split('.')[0] ?? ''
  const { contracts, account, genesis, policies } = readKit(read(`${version}.json`), { contracts: 'ofKit' })
  expect(readSheet(read(file), { contracts })).toEqual({
    account,
    genesis,
    policies: policies.map(({ bytes }) => bytes),
  })
})
