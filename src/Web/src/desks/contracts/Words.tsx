// What the server says of a clause: a line a sentence, as it comes.
export function Words({ text }: { text: string }) {
  const lines = text.split("\n").filter((line) => line.trim());
  return (
    <div className="clause-words">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}
