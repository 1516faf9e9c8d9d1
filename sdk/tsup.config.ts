import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { defineConfig } from 'tsup'

const entries = {
  index: 'src/index.ts',
  webauthn: 'src/webauthn/index.ts',
  recovery: 'src/recovery/index.ts',
  kit: 'src/kit/index.ts',
  codes: 'src/codes/index.ts',
  passphrase: 'src/passphrase/index.ts',
  argon2Worker: 'src/passphrase/argon2Worker.ts',
  oidc: 'src/oidc/index.ts',
  dialog: 'src/dialog/index.ts',
  abis: 'src/abis/index.ts',
  errors: 'src/errors/index.ts',
  testing: 'src/testing/index.ts',
}

export default defineConfig({
  // An entry is built from the moment its file exists; package.json names them all.
  entry: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
  format: 'esm',
  target: 'es2023',
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: true,
  esbuildPlugins: [
    {
      // The worker is a file of its own, which the code names by its address.
      name: 'address of the worker',
      setup(build) {
        build.onLoad({ filter: /passphrase[\\/]worker\.ts$/ }, async ({ path }) => {
          const source = await readFile(path, 'utf8')
          return { contents: source.replaceAll('./argon2Worker.ts', './argon2Worker.js'), loader: 'ts' }
        })
      },
    },
  ],
  tsconfig: 'tsconfig.build.json',
})
