import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

const everyMs = 200;

type Camera = "off" | "starting" | "on" | "refused" | "none";

// The phone's camera as a scanner. The reader is loaded when it is first used and kept with the page for days without network.
export function CameraScan({ onSeen }: { onSeen: (text: string, symbology: string) => void }) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const [camera, setCamera] = useState<Camera>("off");
  const [wanted, setWanted] = useState(false);
  const seen = useRef(onSeen);
  seen.current = onSeen;

  const run = useCallback(async (stop: { gone: boolean }) => {
    setCamera("starting");
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    } catch (error) {
      setCamera(error instanceof DOMException && error.name === "NotAllowedError" ? "refused" : "none");
      return;
    }
    try {
      const { readCode } = await import("./reader");
      const screen = video.current;
      if (!screen || stop.gone) return;
      screen.srcObject = stream;
      await screen.play();
      setCamera("on");
      while (!stop.gone) {
        const found = await readCode(screen);
        if (found && !stop.gone) {
          navigator.vibrate?.(60);
          seen.current(found.text, found.symbology);
          return;
        }
        await new Promise((done) => setTimeout(done, everyMs));
      }
    } catch {
      setCamera("none");
    } finally {
      for (const track of stream.getTracks()) track.stop();
    }
  }, []);
  useEffect(() => {
    if (!wanted) return;
    const stop = { gone: false };
    void run(stop);
    return () => {
      stop.gone = true;
    };
  }, [wanted, run]);

  return (
    <div className="camera" data-camera={camera}>
      {wanted && <video ref={video} muted playsInline aria-label={t("courier.camera")} />}
      {(camera === "refused" || camera === "none") && (
        <p className="notice warn" role="alert">
          {t(`courier.camera_${camera}`)}
        </p>
      )}
      <button type="button" className={wanted ? "plain" : "main"} onClick={() => setWanted((on) => !on)}>
        {t(wanted ? "courier.camera_stop" : "courier.camera_start")}
      </button>
    </div>
  );
}
