// xterm.js 6 makes style elements and style attributes, which the site's policy allows nobody: what it writes into them
// is put where the policy has nothing against it, into sheets of the document and into `style` of an element.

/**
 * Call `make`, in which each style element that is made is a stand-in for a sheet of the document.
 * @param {() => void} make
 */
export function withoutStyleElements(make) {
  const create = document.createElement;
  /** @type {any} */
  const createOthers = (/** @type {string} */ name, /** @type {ElementCreationOptions | undefined} */ options) =>
    name === "style" ? sheetLikeElement(create) : create.call(document, name, options);
  document.createElement = createOthers;
  try {
    make();
  } finally {
    document.createElement = create;
  }
}

/** From now on a style attribute that a script sets on a span is set as its style, which comes to the same. */
export function setStylesOfSpans() {
  HTMLSpanElement.prototype.setAttribute = function (/** @type {string} */ name, /** @type {string} */ value) {
    if (name === "style") this.style.cssText = value;
    else Element.prototype.setAttribute.call(this, name, value);
  };
}

/**
 * An element that shows nothing, whose text is a sheet of the document until it is removed.
 * @param {typeof document.createElement} create
 */
function sheetLikeElement(create) {
  const element = create.call(document, "template");
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  let text = "";
  Object.defineProperty(element, "textContent", {
    get: () => text,
    set: (/** @type {string} */ written) => {
      text = written;
      sheet.replaceSync(written);
    },
  });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}
