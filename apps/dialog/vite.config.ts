import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['@rekey/source', ...defaultClientConditions] },
  // Nothing is inlined: the page's policy allows no code and no style that is not a file of its origin.
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
})
