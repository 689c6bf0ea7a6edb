import type { z } from 'zod'
import { AppError } from '../contract/errors.js'
import { checkDocument } from './integrity.js'
import { withLayers } from './layerMigration.js'
import { SCHEMA_VERSION } from './model.js'
import type { ProjectDoc } from './model.js'
import { LIMITS, PROJECT_APP, projectFileSchema } from './schema/index.js'

/** A project file as parsed JSON, of whatever version. */
type RawFile = Record<string, unknown>

const UNCHANGED = (file: RawFile): RawFile => file

/**
 * `migrations[n]` turns a file of version n + 1 into version n + 2; the runner sets `version`.
 * Every change of the schema adds one here and a fixture of the version it leaves behind
 * under tests/fixtures/projects. Version 2 brought segments of other verbs than Remove:
 * those of version 1 are what they were. Version 3 brought Replace, Regenerate and overlays,
 * version 4 Stylise, version 5 its key frames, version 6 the order of layers.
 */
const MIGRATIONS: readonly ((file: RawFile) => RawFile)[] = [
  ...[UNCHANGED, UNCHANGED, UNCHANGED],
  withKeyFrames,
  (file) => (isObject(file.records) ? { ...file, records: withLayers(file.records) } : file),
]

/** Styles painted every frame by itself until version 5. Whatever is malformed is left to the schema. */
function withKeyFrames(file: RawFile): RawFile {
  const { records } = file
  if (!isObject(records)) return file
  const added = { mode: 'network', keyBy: 'network', keyEvery: 12, painted: [] }
  const changed = Object.entries(records).map(([id, record]): [string, unknown] => {
    if (!isObject(record) || record['verb'] !== 'stylise' || !isObject(record['params'])) {
      return [id, record]
    }
    return [id, { ...record, params: { ...added, ...record['params'] } }]
  })
  return { ...file, records: Object.fromEntries(changed) }
}

/**
 * Reads what JSON.parse made of project.json: brings it up to the current version, checks
 * every field and every reference.
 * @throws AppError project-invalid, project-too-new
 */
export function readProjectFile(raw: unknown): { doc: ProjectDoc; seq: number } {
  refuseHostile(raw)
  const parsed = projectFileSchema.safeParse(migrate(raw, MIGRATIONS, SCHEMA_VERSION))
  if (!parsed.success) throw invalid(firstIssue(parsed.error))
  const { seq, meta, records } = parsed.data
  const doc: ProjectDoc = { meta, records }
  const wrong = checkDocument(doc)
  if (wrong !== null) throw invalid(wrong.message)
  return { doc, seq }
}

/** Runs the numbered steps from the file's own version up to `current`. */
export function migrate(
  raw: unknown,
  steps: readonly ((file: RawFile) => RawFile)[],
  current: number,
): RawFile {
  if (!isObject(raw) || raw.app !== PROJECT_APP) {
    throw invalid(`It does not say that it is a ${PROJECT_APP} project.`)
  }
  const { version } = raw
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    throw invalid('It does not say which version it has.')
  }
  if (version > current) {
    throw new AppError(
      'project-too-new',
      `This project was saved by a newer version of the app (format ${version}, this one reads up to ${current}).`,
      { hint: 'Update Lumière Studio, then open the project again. Nothing was changed.' },
    )
  }
  return steps
    .slice(version - 1, current - 1)
    .reduce((file, step, at) => ({ ...step(file), version: version + at + 1 }), raw)
}

function isObject(raw: unknown): raw is RawFile {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}

function invalid(reason: string): AppError {
  return new AppError('project-invalid', `This project file cannot be used. ${reason}`, {
    hint: 'Nothing was changed. Restore project.json from a backup or from version control, or start a new project.',
  })
}

/** The deepest a real file goes is about 25 levels, with nested `between` shapes. */
const MAX_DEPTH = 64
const MAX_LIST = Math.max(LIMITS.pointNumbers, LIMITS.shapesPerKeyframe)
const MAX_KEYS = Math.max(LIMITS.records, LIMITS.keyframes)
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * A cheap walk before anything else looks at the file: refuses what could exhaust stack,
 * memory or time, or reach a prototype. Keeps its own stack, so depth costs nothing.
 */
function refuseHostile(raw: unknown): void {
  let level: unknown[] = [raw]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw invalid('It is nested too deeply.')
    const below: unknown[] = []
    for (const value of level) collect(value, below)
    level = below
  }
}

/** Adds the objects and lists that `value` holds to `below`. */
function collect(value: unknown, below: unknown[]): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    if (value.length > MAX_LIST) throw invalid(`It holds a list of ${value.length} entries.`)
    for (const item of value) if (typeof item === 'object' && item !== null) below.push(item)
    return
  }
  const keys = Object.keys(value)
  if (keys.length > MAX_KEYS) throw invalid(`It holds ${keys.length} entries under one key.`)
  for (const key of keys) {
    if (FORBIDDEN_KEYS.has(key)) throw invalid(`The key “${key}” is not allowed.`)
    const item: unknown = Reflect.get(value, key)
    if (typeof item === 'object' && item !== null) below.push(item)
  }
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  if (issue === undefined) return 'It does not have the expected fields.'
  const place = issue.path.map(String).join('.').slice(0, 200)
  return `${place === '' ? 'The file' : place}: ${issue.message}`
}
