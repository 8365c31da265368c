import { useEffect } from "react";

// The tab says where one is, in the reader's language.
export function useTitle(title: string) {
  useEffect(() => {
    document.title = title ? `${title} · KeyAccountLogistics` : "KeyAccountLogistics";
  }, [title]);
}
