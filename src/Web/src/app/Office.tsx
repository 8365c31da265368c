import { ConfigProvider, theme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { nonce } from "./nonce";

// What every desk but the kiosk shares: the component library's theme, language and CSP nonce.
export default function Office({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  return (
    <ConfigProvider
      csp={{ nonce }}
      locale={i18n.language === "zh" ? zhCN : enUS}
      theme={{ algorithm: theme.defaultAlgorithm, token: { colorPrimary: "#14532d", fontSize: 15 } }}
    >
      {children}
    </ConfigProvider>
  );
}
