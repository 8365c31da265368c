import { language } from "../../app/texts";
import type { ClauseWords } from "../../gen/kal/contracts/v1/contracts_pb";

// What a clause says, in sentences under what they are about. Rows of tables are left out where a table shows them.
export function Statements({ clause, tableShown = false }: { clause: ClauseWords; tableShown?: boolean }) {
  const chinese = language() === "zh";
  const shown = clause.statements.filter((one) => !(tableShown && one.inTable));
  return (
    <dl className="clause-words">
      {shown.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences have no name but their place
        <div key={index}>
          <dt>{chinese ? one.aboutZh : one.aboutEn}</dt>
          <dd>{chinese ? one.zh : one.en}</dd>
        </div>
      ))}
    </dl>
  );
}

export const titleOf = (clause: ClauseWords) => (language() === "zh" ? clause.titleZh : clause.titleEn);
