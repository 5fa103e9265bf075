// In the place of @codemirror/lang-html, which @codemirror/lang-markdown loads: HTML in a note stays without colours, which
// keeps 50 KB of parsers for HTML, CSS and JavaScript off the page.

export const html = () => ({ support: [], language: { parser: undefined } });

export const htmlCompletionSource = () => null;
