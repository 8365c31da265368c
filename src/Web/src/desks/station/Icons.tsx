// A verdict is never said by colour alone: each tone has its own shape, and its own sound.
const shapes: Record<string, React.ReactNode> = {
  good: (
    <>
      <circle cx="12" cy="12" r="10.4" />
      <path d="M6.8 12.6l3.6 3.6 7-8" />
    </>
  ),
  warn: (
    <>
      <path d="M12 2.2L22.6 21H1.4z" />
      <path d="M12 9v5.6M12 17.6v.6" />
    </>
  ),
  stop: (
    <>
      <path d="M7.7 1.6h8.6l6.1 6.1v8.6l-6.1 6.1H7.7l-6.1-6.1V7.7z" />
      <path d="M8 8l8 8M16 8l-8 8" />
    </>
  ),
  wait: (
    <>
      <circle cx="12" cy="12" r="10.4" />
      <path d="M12 6v6.4l4.2 2.6" />
    </>
  ),
  go: <path d="M3 12h17M13 5l7 7-7 7" />,
  idle: <path d="M2 5v14M5.4 5v14M8 5v14M12 5v14M14.6 5v14M18 5v14M22 5v14" />,
  lost: (
    <>
      <path d="M2 12h5M17 12h5M7 8v8M17 8v8" />
      <path d="M4 3l16 18" />
    </>
  ),
};

export function Icon({ tone }: { tone: string }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <g fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round">
        {shapes[tone] ?? shapes.wait}
      </g>
    </svg>
  );
}
