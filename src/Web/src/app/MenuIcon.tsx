const paths: Record<string, string> = {
  accounts: "M4 21V5l8-3 8 3v16M4 21h16M9 9h1M14 9h1M9 13h1M14 13h1M10 21v-4h4v4",
  contracts: "M6 2h9l4 4v16H6zM15 2v4h4M9 11h7M9 15h7M9 7h3",
  prices: "M3 12V4a1 1 0 0 1 1-1h8l9 9-9 9zM8 8h.01",
  cases: "M12 3v18M5 21h14M12 5l-7 2m7-2 7 2M2 14l3-7 3 7a3 3 0 0 1-6 0M16 14l3-7 3 7a3 3 0 0 1-6 0",
  parcels: "M3 7l9-4 9 4v10l-9 4-9-4zM3 7l9 4 9-4M12 11v10",
  dispatch: "M5 19a2 2 0 1 0 0-.01M19 5a2 2 0 1 0 0-.01M7 19h8a3.5 3.5 0 0 0 0-7H9a3.5 3.5 0 0 1 0-7h6",
  levels: "M4 20a8.5 8.5 0 1 1 16 0M12 16l4-6M7 13h.01M12 8h.01M12 16h.01",
  scales: "M4 20h16l-2-12H6zM8 8a4 4 0 0 1 8 0M12 12l2-2",
  station: "M3 4h18v12H3zM8 20h8M12 16v4",
};

export function MenuIcon({ name }: { name: string }) {
  return (
    <svg
      className="menu-icon"
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name] ?? paths.contracts} strokeLinecap="round" />
    </svg>
  );
}
