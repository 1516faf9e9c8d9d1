/** What becomes public by a sign-in, said before it. */
export function PublicFacts({ lead, facts }: { lead: string; facts: readonly string[] }) {
  return (
    <>
      <p>{lead}</p>
      <ul className="notes">
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
    </>
  )
}
