#!/bin/sh
# A power on its way to Markdown, as a card of Anki, a web page or a text of Word has it: "2<sup>16</sup> addresses" comes out
# as "216 addresses", another number that nobody will notice. Markdown has no sign for it but allows the tag itself, which
# pandoc writes. turndown, node-html-markdown and rehype-remark of npm leave it out, markdownify and html2text for Python
# too, and so does mammoth, which reads Word's files, though in the HTML that it makes of the same file the tag is there.
# markdownify has `sup_symbol` against it. One would think that what cannot be written is at least kept apart.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund turndown@7.2.5 node-html-markdown@2.0.0 rehype-remark@10.0.1 rehype-parse@9.0.1 \
    remark-stringify@11.0.0 unified@11.0.5 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check markdownify==1.2.3 html2text==2025.4.15 mammoth==1.13.0 \
    python-docx==1.2.0 2> pip.log || { cat pip.log; exit 2; }
echo "<p>A /16 has 2<sup>16</sup> addresses</p>" > power.html
cat > npm.mjs <<'EOF'
import { readFileSync } from "node:fs";
import { NodeHtmlMarkdown } from "node-html-markdown";
import parse from "rehype-parse";
import remark from "rehype-remark";
import stringify from "remark-stringify";
import Turndown from "turndown";
import { unified } from "unified";

const html = readFileSync("power.html", "utf8");
const rehype = unified().use(parse, { fragment: true }).use(remark).use(stringify).processSync(html);
const made = { turndown: new Turndown().turndown(html), "rehype-remark": `${rehype}` };
made["node-html-markdown"] = NodeHtmlMarkdown.translate(html);
process.stdout.write(JSON.stringify(made));
EOF
node npm.mjs > made.json
cat > compare.py <<'EOF'
import json
from importlib.metadata import version

import docx
import html2text
import mammoth
import markdownify

html = open("power.html").read()
made = json.load(open("made.json"))
names = {name: json.load(open(f"node_modules/{name}/package.json"))["version"] for name in made}
made |= {"markdownify": markdownify.markdownify(html), "html2text": html2text.html2text(html)}
text = docx.Document()
paragraph = text.add_paragraph("A /16 has 2")
paragraph.add_run("16").font.superscript = True
paragraph.add_run(" addresses")
text.save("power.docx")
made["mammoth"] = mammoth.convert_to_markdown(open("power.docx", "rb")).value
print("one would guess: A /16 has 2<sup>16</sup> addresses")
for name, markdown in made.items():
    print(f"seen, {name} {names.get(name) or version(name)}:", markdown.strip())
kept = mammoth.convert_to_html(open("power.docx", "rb")).value
raise SystemExit({one.strip() for one in made.values()} != {"A /16 has 216 addresses"} or "2<sup>16</sup>" not in kept)
EOF
venv/bin/python compare.py
