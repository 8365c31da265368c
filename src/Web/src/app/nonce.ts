// antd writes style elements while it runs; under style-src 'nonce-…' each needs the page's nonce, and one of its parts forgets it.
// So every style element gets it at birth, before React starts.
export const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute("content") ?? "";

const create = document.createElement.bind(document);
document.createElement = ((name: string, options?: ElementCreationOptions) => {
  const element = create(name, options);
  if (name.toLowerCase() === "style" && nonce) element.setAttribute("nonce", nonce);
  return element;
}) as typeof document.createElement;
