import { dirname, relative } from 'node:path/posix'
import { withoutPure } from '../schemata.ts'
import { type AstNode, indexNodes } from './ast.ts'
import { analyse, type CompileError, readSource, UncompiledError } from './compiler.ts'
import { applyEdits } from './edits.ts'
import { helperLibrary, helperPath } from './helpers.ts'
import { asBytes, asText, editOf, type Mutant, numberCandidates } from './mutant.ts'
import { findCandidates } from './solidity.ts'

/** The files of a target with all their mutants in them. */
export interface BreakableSources {
  readonly mutants: readonly Mutant[]
  /** Those that do not compile: left out of the files and of the count. */
  readonly skipped: readonly Mutant[]
  /** By path, with the helper library. */
  readonly files: ReadonlyMap<string, string>
}

/** Finds the mutants of the files and writes all of them in, but for those that solc refuses. */
export function makeBreakableSources(root: string, paths: readonly string[]): BreakableSources {
  const sources = readSources(root, paths)
  const found = findMutants(root, sources)
  const skipped = new Set(found.filter(({ isRefused }) => isRefused))
  for (;;) {
    const mutants = found.filter((mutant) => !skipped.has(mutant))
    const files = write(sources, mutants)
    const { errors } = analyse(files, (path) => {
      const source = readSource(root, path)
      return source !== undefined && path.startsWith('contracts/') ? withoutPure(source) : source
    })
    if (errors.length === 0) return { mutants, skipped: [...skipped], files }
    const known = skipped.size
    for (const error of errors) for (const mutant of culprits(error, sources, mutants)) skipped.add(mutant)
    if (skipped.size === known) throw new UncompiledError(errors.map(({ message }) => message).join('\n'))
  }
}

export function readSources(root: string, paths: readonly string[]): Map<string, string> {
  return new Map(paths.map((path) => [path, readSource(root, path) ?? '']))
}

/** Every mutant of the sources, also those that do not compile. */
export function findMutants(root: string, sources: ReadonlyMap<string, string>): Mutant[] {
  const { trees, errors } = analyse(sources, (path) => readSource(root, path))
  if (errors.length > 0) throw new UncompiledError(errors.map(({ message }) => message).join('\n'))
  const declarations = indexNodes([...trees.values()])
  const mutants: Mutant[] = []
  for (const [path, source] of sources) {
    const candidates = findCandidates(trees.get(path) as AstNode, declarations)
    mutants.push(...numberCandidates(path, asBytes(source), candidates, mutants.length + 1))
  }
  return mutants
}

function write(sources: ReadonlyMap<string, string>, mutants: readonly Mutant[]): Map<string, string> {
  const files = new Map<string, string>()
  for (const [path, source] of sources) files.set(path, writeFile(path, source, mutants))
  files.set(helperPath, helperLibrary([...files.values()]))
  return files
}

function writeFile(path: string, source: string, mutants: readonly Mutant[]): string {
  const edits = mutants.filter(({ file }) => file === path).map(editOf)
  const text = withoutPure(asText(applyEdits(asBytes(source), edits)))
  // At the end, where it moves no line.
  return `${text}import {Mutate} from "${relative(dirname(path), helperPath)}";\n`
}

/** The mutants at fault for an error: of those around it the innermost; where none is around, all inside of it. */
function culprits(
  { file, start, end }: CompileError,
  sources: ReadonlyMap<string, string>,
  mutants: readonly Mutant[],
): readonly Mutant[] {
  const source = sources.get(file)
  if (source === undefined) return []
  const own = mutants.filter((mutant) => mutant.file === file)
  const places = placesOf(file, source, own)
  const around = places.filter((place) => place.start <= start && end <= place.end)
  const innermost = around.sort((a, b) => a.end - a.start - (b.end - b.start))[0]
  if (innermost) return [innermost.mutant]
  return places.filter((place) => start <= place.start && place.end <= end).map(({ mutant }) => mutant)
}

interface WrittenPlace {
  readonly mutant: Mutant
  readonly start: number
  readonly end: number
}

/** Where each mutant stands in what {@link writeFile} makes, in bytes: written once more with marks around it. */
function placesOf(file: string, source: string, mutants: readonly Mutant[]): WrittenPlace[] {
  const open = (number: number): string => `/*<${number}*/`
  const close = (number: number): string => `/*${number}>*/`
  const marked = mutants.map((mutant) => ({
    ...mutant,
    write: (number: number, inside: Parameters<Mutant['write']>[1]) =>
      open(number) + mutant.write(number, inside) + close(number),
  }))
  const bytes = asBytes(writeFile(file, source, marked))
  const positions = new Map<string, number>()
  let removed = 0
  for (const match of bytes.matchAll(/\/\*<?\d+>?\*\//g)) {
    if (!positions.has(match[0])) positions.set(match[0], match.index - removed)
    removed += match[0].length
  }
  return mutants.flatMap((mutant) => {
    const [start, end] = [positions.get(open(mutant.number)), positions.get(close(mutant.number))]
    return start === undefined || end === undefined ? [] : [{ mutant, start, end }]
  })
}
