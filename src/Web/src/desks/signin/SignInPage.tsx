import { Alert, Button, Card, Form, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router-dom";
import { type DemoSignIn, host } from "../../app/host";
import { LanguageSwitch } from "../../app/LanguageSwitch";
import { homePath } from "../../app/rights";
import { signInWithPassword } from "../../app/session";
import { language } from "../../app/texts";
import { useTitle } from "../../app/title";
import { instant } from "../../format/figures";

export default function SignInPage() {
  const { t } = useTranslation();
  const go = useNavigate();
  const [query] = useSearchParams();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [demo, setDemo] = useState<DemoSignIn[]>([]);
  useTitle(t("sign_in.title"));
  useEffect(() => {
    host().then(
      (by) => setDemo(by.demo),
      () => setDemo([]),
    );
  }, []);

  async function enter(name: string, password: string) {
    setBusy(true);
    setProblem("");
    try {
      const refused = await signInWithPassword(name, password);
      if (!refused) {
        const back = query.get("back") ?? "";
        go(back.startsWith("/") && !back.startsWith("//") ? back : homePath(), { replace: true });
        return;
      }
      setProblem(
        t(`sign_in.refused.${refused.code}`, {
          until: refused.retryAtUs ? instant(refused.retryAtUs, language(), false) : "",
          defaultValue: t("sign_in.refused.other"),
        }),
      );
    } catch {
      setProblem(t("app.unreachable"));
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="sign-in-page">
      <h1>KeyAccountLogistics</h1>
      <Card title={t("sign_in.title")} extra={<LanguageSwitch />}>
        <p className="quiet-text">{t("sign_in.hint")}</p>
        <Form
          layout="vertical"
          size="large"
          requiredMark={false}
          onFinish={(said: { name: string; password: string }) => void enter(said.name, said.password)}
          disabled={busy}
        >
          <Form.Item name="name" label={t("sign_in.name")} rules={[{ required: true, message: t("sign_in.needed") }]}>
            <Input autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item name="password" label={t("sign_in.password")} rules={[{ required: true, message: t("sign_in.needed") }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          {problem && <Alert type="error" showIcon title={problem} role="alert" />}
          <Button type="primary" htmlType="submit" block loading={busy} style={{ marginTop: 12 }}>
            {t("sign_in.enter")}
          </Button>
        </Form>
      </Card>
      {demo.length > 0 && (
        <Card size="small" title={t("demo.people")} className="demo">
          {demo.map((one) => (
            <Button key={one.name} disabled={busy} onClick={() => void enter(one.name, one.password)}>
              <b>{t(`role.${one.role}`, { defaultValue: one.role })}</b> {one.displayName}
            </Button>
          ))}
        </Card>
      )}
    </main>
  );
}
