import { Alert, Form, Modal } from "antd";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldPath } from "../format/entry";
import { faultText, refusedBy } from "./faults";
import { type Refused, refusalText } from "./refusals";

const mint = () => crypto.getRandomValues(new Uint8Array(16));

interface Props<V> {
  title: ReactNode;
  ok: string;
  children?: ReactNode;
  initial?: Partial<V>;
  danger?: boolean;
  width?: number;
  // Where what the server calls by another name, or says of no field, stands in the form.
  fields?: Record<string, string>;
  // Sends the command; a refusal comes back, nothing means done.
  run: (values: V, commandId: Uint8Array) => Promise<Refused | undefined>;
  onDone: () => void;
  onClose: () => void;
}

// One act of a person. Its command id is minted once, so that sending it again after a broken line has one effect; a refusal answers it, and what is sent
// after that is another act. A refusal stands at the field it is about.
export function FormDialog<V extends object>({
  title,
  ok,
  children,
  initial,
  danger,
  width = 560,
  fields = {},
  run,
  onDone,
  onClose,
}: Props<V>) {
  const { t } = useTranslation();
  const [form] = Form.useForm<V>();
  const id = useRef<Uint8Array>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  const say = (refused: Refused) => {
    const text = refusalText(t, refused);
    const path = fieldPath(fields[refused.field] ?? fields[refused.code] ?? refused.field);
    const shown = form.getFieldsError().map((one) => one.name.map(String));
    const at =
      path.length > 0 ? (shown.find((name) => name.join() === path.join()) ?? shown.find((name) => name[0] === path[0])) : undefined;
    if (at) {
      form.setFields([{ name: at as never, errors: [text] }]);
      form.scrollToField(at as never);
    } else setProblem(text);
  };
  const send = async (values: V) => {
    setBusy(true);
    setProblem("");
    id.current ??= mint();
    try {
      const refused = await run(values, id.current);
      if (!refused) return onDone();
      id.current = null;
      say(refused);
    } catch (error) {
      // What was asked wrongly is said at its field; the same words go out again with the same id, others as another act.
      const refused = refusedBy(error);
      if (!refused) return setProblem(faultText(t, error));
      id.current = null;
      say(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={title}
      okText={ok}
      cancelText={t("act.cancel")}
      width={width}
      okButtonProps={{ loading: busy, danger: danger ?? false }}
      onOk={() => form.submit()}
      onCancel={onClose}
      mask={{ closable: false }}
      style={{ top: 40 }}
    >
      <Form<V>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={initial as V}
        onFinish={(values) => void send(values)}
        scrollToFirstError
        validateMessages={{ required: t("sign_in.needed") }}
      >
        {children}
        {/* Enter sends, as everywhere. */}
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </Form>
      {problem && <Alert type="error" showIcon title={problem} role="alert" />}
    </Modal>
  );
}
