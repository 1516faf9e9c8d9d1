import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { main: 'src/main.ts' },
  format: 'esm',
  target: 'node22',
  clean: true,
  // The kit is part of the service; it is published nowhere.
  noExternal: ['@rekey/service-kit'],
  external: ['@electric-sql/pglite', 'pg'],
  banner: { js: '#!/usr/bin/env node' },
})
