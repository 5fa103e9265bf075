// What may stand at a place in a lab's YAML: the keys of the part that the place is in, or the words that a key may be. Reads
// lines by their indentation alone, since a text that is being typed is often no YAML at all.

/** @typedef {{ about: string, values?: string[], part?: string, named?: boolean }} Field */
/** @typedef {Record<string, Record<string, Field>>} Schema the fields of each part, by its name; the file is `LabDefinition` */
/** @typedef {{ label: string, about: string, isKey: boolean }} Offer */

const WHOLE = "LabDefinition";
const LINE = /^(?<indent> *)(?<dashes>(?:- +)*)(?:(?<key>[A-Za-z_][\w-]*):(?= |$))?/;
const BRACES = /\{[^{}]*$/;
const IN_BRACES = /(?:^|[{,])\s*(?<key>[A-Za-z_]\w*):\s*(?<word>[\w-]*)$/;

/**
 * What fits at the end of `before`, the text of a line up to the cursor, and where the word begins that is being typed.
 * @param {Schema} schema
 * @param {string[]} above the lines above it
 * @param {string} before
 * @returns {{ from: number, offers: Offer[] } | null}
 */
export function offersAt(schema, above, before) {
  const braces = BRACES.exec(before);
  return braces ? inBraces(schema, above, before, braces.index) : onALine(schema, above, before);
}

/**
 * @param {Schema} schema
 * @param {string[]} above
 * @param {string} before
 */
function onALine(schema, above, before) {
  const found = /^(?<lead> *(?:- +)*)(?:(?<key>[A-Za-z_]\w*): +)?(?<word>[\w-]*)$/.exec(before);
  if (!found?.groups) return null;
  const { lead, key, word } = found.groups;
  const fields = fieldsOf(schema, pathTo(above, lead));
  if (!fields) return null;
  const from = before.length - word.length;
  return key === undefined ? { from, offers: keysOf(fields) } : { from, offers: valuesOf(fields[key]) };
}

/**
 * @param {Schema} schema
 * @param {string[]} above
 * @param {string} before
 * @param {number} brace
 */
function inBraces(schema, above, before, brace) {
  const outer = LINE.exec(before);
  const key = /(?<key>[A-Za-z_]\w*): *$/.exec(before.slice(0, brace))?.groups?.key;
  const path = pathTo(above, `${outer?.groups?.indent}${outer?.groups?.dashes}`);
  const fields = fieldsOf(schema, key === undefined ? path : [...path, key]);
  if (!fields) return null;
  const inside = before.slice(brace);
  const value = IN_BRACES.exec(inside)?.groups;
  if (value) return { from: before.length - value.word.length, offers: valuesOf(fields[value.key]) };
  const word = /(?:^\{|,)\s*(?<word>\w*)$/.exec(inside)?.groups?.word;
  return word === undefined ? null : { from: before.length - word.length, offers: keysOf(fields) };
}

/**
 * The keys that lead to a line, from the outermost, by the lines above it and its own lead of blanks and dashes.
 * @param {string[]} above
 * @param {string} lead
 */
function pathTo(above, lead) {
  const path = [];
  let most = lead.includes("-") ? lead.indexOf("-") : lead.length - 1; // a parent's key is at least so far to the left
  for (let index = above.length - 1; index >= 0 && most >= 0; index--) {
    const { indent, dashes, key } = LINE.exec(above[index])?.groups ?? {};
    const text = above[index].trim();
    if (!text || text.startsWith("#")) continue;
    const at = indent.length + dashes.length;
    if (key !== undefined && at <= most) path.unshift(key);
    if (dashes && indent.length <= most) most = indent.length;
    else if (at <= most) most = at - 1;
  }
  return path;
}

/**
 * @param {Schema} schema
 * @param {string[]} path
 */
function fieldsOf(schema, path) {
  /** @type {Field | undefined} */
  let field = { about: "", part: WHOLE };
  for (let at = 0; at < path.length; at++) {
    field = field?.part ? schema[field.part]?.[path[at]] : undefined;
    if (field?.named && ++at === path.length) return undefined; // the names are the author's own
  }
  return field?.part ? schema[field.part] : undefined;
}

/**
 * @param {Record<string, Field>} fields
 * @returns {Offer[]}
 */
function keysOf(fields) {
  return Object.entries(fields).map(([label, { about }]) => ({ label, about, isKey: true }));
}

/**
 * @param {Field | undefined} field
 * @returns {Offer[]}
 */
function valuesOf(field) {
  return (field?.values ?? []).map((label) => ({ label, about: "", isKey: false }));
}
