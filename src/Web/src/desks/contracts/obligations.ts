import type { TFunction } from "i18next";

// In the order in which they press.
export const obligationStates = ["overdue", "open", "late", "met"] as const;

export const dayBeside = (day: string, by: number) => new Date(Date.parse(`${day}T00:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10);

interface Page<T> {
  rows: T[];
  next: string;
}

// Several lists one after the other as one that comes in pages; its token is the list's place and the list's own token.
export async function pagesOf<T>(
  lists: readonly string[],
  token: string,
  ask: (list: string, token: string) => Promise<Page<T>>,
): Promise<Page<T>> {
  const [, at = "0", own = ""] = /^(\d+)\|(.*)$/.exec(token) ?? [];
  const rows: T[] = [];
  for (let index = Number(at), next = own; index < lists.length; index++, next = "") {
    const page = await ask(lists[index] ?? "", next);
    rows.push(...page.rows);
    if (page.next) return { rows, next: `${index}|${page.next}` };
  }
  return { rows, next: "" };
}

// "in 12 days", "3 days ago": one and many read differently in English.
export const owed = (t: TFunction, days: number) =>
  days === 0
    ? t("obligation.today")
    : t(`obligation.${days > 0 ? "in" : "ago"}_${Math.abs(days) === 1 ? "one" : "other"}`, { n: Math.abs(days) });
