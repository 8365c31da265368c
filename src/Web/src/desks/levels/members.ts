import type { Behind } from "../../gen/kal/levels/v1/scorecards_pb";

export const slices = ["contract", "lane", "product", "depot", "courier"] as const;

// Which lanes, depots and couriers an account has, as the drill-downs name them: there is no other list of them.
const known = new Map<string, Set<string>>();

export function remember(account: string, items: Pick<Behind, "lane" | "depot" | "courier">[]) {
  for (const item of items)
    for (const name of ["lane", "depot", "courier"] as const) {
      if (!item[name]) continue;
      const key = `${account}|${name}`;
      const set = known.get(key) ?? new Set<string>();
      known.set(key, set.add(item[name]));
    }
}

export const membersOf = (account: string, dimension: string) => [...(known.get(`${account}|${dimension}`) ?? [])].sort();
export const forgetMembers = () => known.clear();
