import { Alert, Button, Tag, Upload } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router-dom";
import { faultText } from "../../app/faults";
import "./contracts.css";
import { refusalText } from "../../app/refusals";
import { useTitle } from "../../app/title";
import type { CheckedVersion, Mistake } from "../../gen/kal/contracts/v1/contracts_pb";
import { contracts } from "./client";
import { Statements, titleOf } from "./Words";

interface File {
  name: string;
  text: string;
}
const documentName = "contract.yaml";
const bytesMax = 1024 * 1024;

// A draft being written: the text with its lines, the tables beside it, and every mistake at once, each at its line. Saving makes drafts, and nothing else.
export default function DraftEditor() {
  const { t } = useTranslation();
  const go = useNavigate();
  const [query] = useSearchParams();
  const [files, setFiles] = useState<File[]>([{ name: documentName, text: "" }]);
  const [open, setOpen] = useState(documentName);
  const [mistakes, setMistakes] = useState<Mistake[]>();
  const [checked, setChecked] = useState<CheckedVersion[]>([]);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const id = useRef<Uint8Array>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const contract = query.get("contract") ?? "";
  const version = Number(query.get("version") ?? "0");
  useTitle(t("contract.write"));
  useEffect(() => {
    if (!contract) return;
    contracts.read({ contract, version }).then(
      (found) => setFiles([{ name: documentName, text: found.document }]),
      (error: unknown) => setProblem(faultText(t, error)),
    );
  }, [contract, version, t]);

  const shown = files.find((file) => file.name === open) ?? (files[0] as File);
  const change = (name: string, text: string) => {
    setFiles((old) => old.map((file) => (file.name === name ? { name, text } : file)));
    setMistakes(undefined);
    setChecked([]);
    id.current = null;
  };
  const document = () => {
    const [first, ...tables] = files as [File, ...File[]];
    return { name: first.name, text: first.text, tables };
  };
  const act = async (what: () => Promise<void>) => {
    setBusy(true);
    setProblem("");
    try {
      await what();
    } catch (error) {
      setProblem(faultText(t, error));
    } finally {
      setBusy(false);
    }
  };
  const check = () =>
    act(async () => {
      const reply = await contracts.check({ document: document() });
      setMistakes(reply.mistakes);
      setChecked(reply.versions);
    });
  const save = () =>
    act(async () => {
      id.current ??= crypto.getRandomValues(new Uint8Array(16));
      const { answer } = await contracts.import({ commandId: id.current, document: document() });
      if (answer.case === "imported") {
        const last = answer.value.versions.at(-1);
        if (last) go(`/contracts/${encodeURIComponent(last.contract)}/${last.version}`);
        return;
      }
      id.current = null;
      if (answer.case === "wrong") setMistakes(answer.value.mistakes);
      if (answer.case === "refused") setProblem(refusalText(t, answer.value));
    });
  const add = (file: File) => {
    if (file.text.length > bytesMax) return setProblem(t("contract.too_long", { name: file.name }));
    const name = /\.ya?ml$/i.test(file.name) ? documentName : file.name;
    setFiles((old) =>
      old.some((one) => one.name === name)
        ? old.map((one) => (one.name === name ? { name, text: file.text } : one))
        : [...old, { name, text: file.text }],
    );
    setOpen(name);
    setMistakes(undefined);
    setChecked([]);
    id.current = null;
  };
  const toLine = (mistake: Mistake) => {
    const name = files.find((file) => file.name === mistake.file)?.name ?? documentName;
    setOpen(name);
    requestAnimationFrame(() => {
      const area = box.current;
      if (!area || mistake.line === 0) return;
      const lines = area.value.split("\n");
      const from = lines.slice(0, mistake.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
      area.focus();
      area.setSelectionRange(from, from + (lines[mistake.line - 1]?.length ?? 0));
      area.scrollTop = (mistake.line - 4) * lineHeight;
    });
  };
  const wrong = new Set((mistakes ?? []).filter((one) => (one.file || documentName) === open).map((one) => one.line));
  return (
    <>
      <p className="crumbs">
        <Link to="/contracts">{t("nav.contracts")}</Link>
        {contract && (
          <>
            {" / "}
            <Link to={`/contracts/${encodeURIComponent(contract)}/${version}`} className="numbers">
              {contract} v{version}
            </Link>
          </>
        )}
      </p>
      <div className="title-row">
        <h1 className="desk-title">{contract ? t("contract.edit_draft", { contract, version }) : t("contract.write")}</h1>
        <span className="states">
          <Button onClick={() => void check()} loading={busy}>
            {t("contract.check")}
          </Button>
          <Button type="primary" onClick={() => void save()} loading={busy} disabled={!files[0]?.text.trim()}>
            {t("contract.save_draft")}
          </Button>
        </span>
      </div>
      {problem && <Alert type="error" showIcon title={problem} role="alert" style={{ marginBottom: 12 }} />}
      <div className="editor-grid">
        <div className="editor-side">
          <div className="toolbar tight" role="tablist">
            {files.map((file) => (
              <Button
                key={file.name}
                role="tab"
                aria-selected={file.name === open}
                type={file.name === open ? "primary" : "default"}
                size="small"
                onClick={() => setOpen(file.name)}
              >
                {file.name}
              </Button>
            ))}
            <Upload
              accept=".yaml,.yml,.csv"
              multiple
              showUploadList={false}
              beforeUpload={(file) => {
                void file.text().then((text) => add({ name: file.name, text }));
                return false;
              }}
            >
              <Button size="small">{t("contract.upload")}</Button>
            </Upload>
          </div>
          <div className="editor">
            <Lines text={shown.text} wrong={wrong} area={box} />
            <textarea
              ref={box}
              value={shown.text}
              spellCheck={false}
              wrap="off"
              aria-label={shown.name}
              placeholder={t("contract.paste")}
              onChange={(event) => change(shown.name, event.target.value)}
            />
          </div>
        </div>
        <div className="mistakes" role="status" aria-live="polite">
          {mistakes === undefined && <p className="quiet-text">{t("contract.check_hint")}</p>}
          {mistakes && mistakes.length > 0 && (
            <>
              <h2>{t("contract.mistakes", { count: mistakes.length })}</h2>
              {mistakes.map((mistake) => (
                <button
                  type="button"
                  className="mistake"
                  key={`${mistake.file} ${mistake.line} ${mistake.text}`}
                  onClick={() => toLine(mistake)}
                >
                  <span className="numbers mistake-at">
                    {mistake.file && mistake.file !== documentName ? `${mistake.file}:` : ""}
                    {mistake.line || "–"}
                  </span>
                  <span>{mistake.text}</span>
                </button>
              ))}
            </>
          )}
          {checked.map((one) => (
            <div key={one.version}>
              <h2 className="numbers">
                {one.contract} v{one.version} <Tag color="green">{t("contract.no_mistakes")}</Tag>
              </h2>
              {one.clauses.map((clause) => (
                <details key={clause.clause}>
                  <summary>
                    <b>{clause.clause}</b> {titleOf(clause)}
                  </summary>
                  <Statements clause={clause} />
                </details>
              ))}
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

const lineHeight = 20;

// The numbers beside the text, in step with it.
function Lines({ text, wrong, area }: { text: string; wrong: Set<number>; area: React.RefObject<HTMLTextAreaElement | null> }) {
  const rows = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const of = area.current;
    if (!of) return;
    const follow = () => {
      if (rows.current) rows.current.scrollTop = of.scrollTop;
    };
    of.addEventListener("scroll", follow);
    return () => of.removeEventListener("scroll", follow);
  }, [area]);
  const count = text.split("\n").length;
  return (
    <div className="editor-lines numbers" ref={rows} aria-hidden="true">
      {Array.from({ length: count }, (_, index) => index + 1).map((line) => (
        <span key={line} className={wrong.has(line) ? "wrong" : ""}>
          {line}
        </span>
      ))}
    </div>
  );
}
