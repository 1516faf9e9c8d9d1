import { existsSync } from 'node:fs'
import { defineConfig } from 'tsup'

const entries = {
  index: 'src/index.ts',
  webauthn: 'src/webauthn/index.ts',
  recovery: 'src/recovery/index.ts',
  kit: 'src/kit/index.ts',
  codes: 'src/codes/index.ts',
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
  tsconfig: 'tsconfig.build.json',
})
