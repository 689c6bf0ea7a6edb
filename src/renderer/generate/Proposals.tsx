/** Texts to take over by a press, under each other or in rows. */
export function Proposals({
  label,
  texts,
  choose,
  inRow = false,
}: {
  readonly label: string
  readonly texts: readonly string[]
  readonly choose: (text: string) => void
  readonly inRow?: boolean
}) {
  return (
    <ul className={inRow ? 'examples in-row' : 'examples'} aria-label={label}>
      {texts.map((text) => (
        <li key={text}>
          <button type="button" className="example" onClick={() => choose(text)}>
            {text}
          </button>
        </li>
      ))}
    </ul>
  )
}
