import { readCompiled } from './artifacts.ts'
import { camelCase } from './contracts.ts'
import { type GeneratedFile, type Generator, generatedBanner } from './generator.ts'
import { literal } from './literal.ts'

/** artifacts → `sdk/src/abis/<Name>.ts` and an index of named re-exports. */
export const abis: Generator = {
  name: 'abis',
  async generate(root) {
    const { contracts } = await readCompiled(root)
    const files: GeneratedFile[] = contracts.map(({ name, abi }) => ({
      path: `sdk/src/abis/${name}.ts`,
      content: `${generatedBanner}\nexport const ${camelCase(name)}Abi = ${literal(abi)} as const\n`,
    }))
    const names = contracts.map(({ name }) => name).sort()
    const lines = names.map((name) => `export { ${camelCase(name)}Abi } from './${name}.ts'\n`)
    files.push({ path: 'sdk/src/abis/index.ts', content: `${generatedBanner}\n${lines.join('')}` })
    return files
  },
}
