// Two bills of one shipment, line beside line: the nth line of a clause and kind belongs to the nth of the other bill.
export interface BillLine {
  clause: string;
  kind: string;
  minor: bigint;
  textZh: string;
  textEn: string;
}

export interface ComparedLine {
  key: string;
  clause: string;
  kind: string;
  first: bigint | undefined;
  second: bigint | undefined;
  difference: bigint;
  textZh: string;
  textEn: string;
}

export function compareCharges(first: BillLine[], second: BillLine[]): ComparedLine[] {
  const numbered = (lines: BillLine[]) => {
    const seen = new Map<string, number>();
    return lines.map((line) => {
      const of = `${line.clause} ${line.kind}`;
      const nth = seen.get(of) ?? 0;
      seen.set(of, nth + 1);
      return { key: `${of} ${nth}`, line };
    });
  };
  const before = numbered(first);
  const now = numbered(second);
  const rows = before.map(({ key, line }) => ({
    key,
    was: line as BillLine | undefined,
    is: now.find((other) => other.key === key)?.line,
  }));
  // A line that only the second bill has stands where it stands there.
  now.forEach(({ key, line }, index) => {
    if (before.some((other) => other.key === key)) return;
    const after = index === 0 ? -1 : rows.findIndex((row) => row.key === now[index - 1]?.key);
    rows.splice(after + 1, 0, { key, was: undefined, is: line });
  });
  return rows.map(({ key, was, is }) => ({
    key,
    clause: (is ?? was)?.clause ?? "",
    kind: (is ?? was)?.kind ?? "",
    first: was?.minor,
    second: is?.minor,
    difference: (is?.minor ?? 0n) - (was?.minor ?? 0n),
    textZh: (is ?? was)?.textZh ?? "",
    textEn: (is ?? was)?.textEn ?? "",
  }));
}
