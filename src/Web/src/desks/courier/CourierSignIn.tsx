import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type DemoSignIn, host } from "../../app/host";
import { LanguageSwitch } from "../../app/LanguageSwitch";
import { signInWithPassword } from "../../app/session";
import { language } from "../../app/texts";
import { instant } from "../../format/figures";

// Needs the network once; afterwards the phone opens without it.
export function CourierSignIn({ inline, name, onDone }: { inline?: boolean; name?: string; onDone?: () => void }) {
  const { t } = useTranslation();
  const [said, setSaid] = useState({ name: "", password: "" });
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [demo, setDemo] = useState<DemoSignIn[]>([]);
  useEffect(() => {
    host().then(
      (by) => setDemo(by.demo.filter((one) => one.role === "Courier")),
      () => undefined,
    );
  }, []);

  async function enter(name: string, password: string) {
    setBusy(true);
    setProblem("");
    try {
      const refused = await signInWithPassword(name, password);
      if (!refused) return onDone?.();
      setProblem(
        t(`sign_in.refused.${refused.code}`, {
          until: refused.retryAtUs ? instant(refused.retryAtUs, language(), false) : "",
          defaultValue: t("sign_in.refused.other"),
        }),
      );
    } catch {
      setProblem(t("courier.sign_in_needs_network"));
    } finally {
      setBusy(false);
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void enter(said.name, said.password);
  };
  return (
    <section className={inline ? "courier-sign-in inline" : "courier courier-sign-in"}>
      {!inline && (
        <header>
          <b>{t("courier.title")}</b>
          <LanguageSwitch />
        </header>
      )}
      {inline && <p role="alert">{t("courier.sign_in_again", { name })}</p>}
      <form onSubmit={submit}>
        <label>
          {t("sign_in.name")}
          <input
            name="name"
            required
            autoComplete="username"
            autoCapitalize="none"
            value={said.name}
            onChange={(event) => setSaid({ ...said, name: event.target.value })}
          />
        </label>
        <label>
          {t("sign_in.password")}
          <input
            name="password"
            type="password"
            required
            autoComplete="current-password"
            value={said.password}
            onChange={(event) => setSaid({ ...said, password: event.target.value })}
          />
        </label>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="main" disabled={busy}>
          {t("sign_in.enter")}
        </button>
      </form>
      {demo.map((one) => (
        <button key={one.name} type="button" className="plain" disabled={busy} onClick={() => void enter(one.name, one.password)}>
          {t("demo.people")}: {one.displayName}
        </button>
      ))}
    </section>
  );
}
