import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Picture } from "./facts";
import { drawn } from "./pictures";

const width = 680;
const height = 280;

// A finger's line on white. What is kept is the picture of it, bound to the delivery by its hash.
export function SignaturePad({ value, set }: { value: Picture | undefined; set: (picture: Picture | undefined) => void }) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number }>(undefined);
  const [problem, setProblem] = useState(false);
  const clear = () => {
    const pen = canvas.current?.getContext("2d");
    if (!pen) return;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.lineWidth = 4;
    pen.lineCap = "round";
    pen.strokeStyle = "#0f172a";
    set(undefined);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the pad appears
  useEffect(clear, []);
  const at = (event: React.PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * width, y: ((event.clientY - box.top) / box.height) * height };
  };
  const move = (event: React.PointerEvent<HTMLCanvasElement>) => {
    const [from, to, pen] = [last.current, at(event), canvas.current?.getContext("2d")];
    if (!from || !pen) return;
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
    last.current = to;
  };
  const end = () => {
    if (!last.current || !canvas.current) return;
    last.current = undefined;
    drawn(canvas.current).then(set, () => setProblem(true));
  };
  return (
    <div className="signature">
      <span>
        {t("courier.signature")} {value && <i className="good">✓</i>}
      </span>
      <canvas
        ref={canvas}
        width={width}
        height={height}
        aria-label={t("courier.signature")}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = at(event);
          move(event);
        }}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
      />
      <button type="button" className="plain small" onClick={clear}>
        {t("courier.sign_again")}
      </button>
      {problem && <p className="problem">{t("courier.picture_failed")}</p>}
    </div>
  );
}
