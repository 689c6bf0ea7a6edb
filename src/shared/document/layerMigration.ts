/** Records as parsed JSON; whatever is malformed is left to the schema. */
type Raw = Readonly<Record<string, unknown>>

/** Of a clip with more segments than anyone makes, nothing is said of what lay beneath: it takes too long. */
const MOST_SEGMENTS = 500

/**
 * Gives the segments of a file of version 5 the order in which their takes lay then: each above those
 * made before it. And says of each take what it was made on, as far as that is known: a removal saw
 * the source alone, any other work what was in use and older than its segment's first take.
 */
export function withLayers(records: Raw): Raw {
  const all = Object.values(records).filter(isObject)
  const takes = all.filter((one) => one['type'] === 'take').sort(byAge)
  const takesOf = groupBy(takes, 'segmentId')
  const byId = new Map(takes.map((one) => [one['id'], one]))
  const accepted = (segment: Raw): Raw | undefined => byId.get(segment['acceptedTakeId'])
  const changed = new Map<unknown, Raw>()
  for (const segments of groupBy(
    all.filter((one) => one['type'] === 'segment'),
    'clipId',
  ).values()) {
    const order = segments
      .flatMap((segment) => {
        const own = takesOf.get(segment['id']) ?? []
        // One whose takes are not in use would have come to lie where the newest of them belongs.
        const take = accepted(segment) ?? own.at(-1)
        return take === undefined ? [] : [{ segment, take, own }]
      })
      .sort((a, b) => byAge(a.take, b.take))
    order.forEach(({ segment }, layer) => changed.set(segment['id'], { ...segment, layer }))
    if (order.length > MOST_SEGMENTS) continue
    for (const { segment, own } of order) {
      const [first] = own
      const below =
        segment['verb'] === 'remove' || first === undefined
          ? []
          : order.flatMap((other) => {
              const take = accepted(other.segment)
              const isBelow = other.segment !== segment && take !== undefined
              return isBelow && byAge(take, first) < 0 ? beneath(take, [other.segment, take]) : []
            })
      for (const take of own) {
        const under = below.flatMap((one) => beneath(one, [one, take]))
        changed.set(take['id'], { ...take, under })
      }
    }
  }
  return Object.fromEntries(
    Object.entries(records).map(([id, record]) => {
      const isOwn = isObject(record) && record['id'] === id
      return [id, isOwn ? (changed.get(id) ?? record) : record]
    }),
  )
}

/** A take on the frames that all of these have, as a take above it says what it was made on. */
function beneath({ path }: Raw, within: readonly Raw[]): Raw[] {
  const from = Math.max(...within.map((one) => Number(one['from'])))
  const to = Math.min(...within.map((one) => Number(one['to'])))
  return to > from ? [{ path, from, to }] : []
}

function groupBy(records: readonly Raw[], key: string): Map<unknown, Raw[]> {
  const groups = new Map<unknown, Raw[]>()
  for (const record of records) {
    const group = groups.get(record[key])
    if (group === undefined) groups.set(record[key], [record])
    else group.push(record)
  }
  return groups
}

function byAge(a: Raw, b: Raw): number {
  const key = (take: Raw): string => `${String(take['createdAt'])} ${String(take['id'])}`
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0
}

function isObject(raw: unknown): raw is Raw {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}
