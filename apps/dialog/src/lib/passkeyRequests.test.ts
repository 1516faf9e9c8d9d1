import { describe, expect, it } from 'vitest'
import { parseAddress } from './parseAddress.ts'
import { parsePage, readKeptPasskeyRequest } from './passkeyRequests.ts'

describe('the page of another domain', () => {
  it.each([
    ['auth.example', 'https://auth.example'],
    [' https://auth.example/path?x#y ', 'https://auth.example'],
    ['http://auth.localhost:4000/', 'http://auth.localhost:4000'],
    ['http://auth.example', undefined],
    ['http://notlocalhost', undefined],
    ['javascript:alert(1)', undefined],
    ['https://good.example@evil.example', undefined],
    ['', undefined],
  ])('%s is %s', (text, page) => {
    expect(parsePage(text)).toBe(page)
  })

  it('a request that was damaged is forgotten', () => {
    let removed = 0
    const store = {
      getItem: () => 'https://auth.example/#add-passkey=AQ',
      setItem: () => {},
      removeItem: () => {
        removed += 1
      },
    }
    expect(readKeptPasskeyRequest(store)).toBeUndefined()
    expect(removed).toBe(1)
  })
})

describe('an address that was typed', () => {
  const address = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
  it.each([
    [` ${address} `, address],
    [address.toLowerCase(), address],
    [address.replace('5aA', '5AA'), undefined],
    ['0x12', undefined],
    ['', undefined],
  ])('%s is %s', (text, parsed) => {
    expect(parseAddress(text).address).toBe(parsed)
    expect(parseAddress(text).problem === undefined).toBe(parsed !== undefined)
  })
})
