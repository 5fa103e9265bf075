#!/bin/sh
# mkdocs-quiz, which draws quizzes in MkDocs pages: it looks for gaps and options in a question's code too. A shell test in
# double brackets makes a choice a text with a gap, without a field, with a placeholder in its code and the right option
# marked for all to read; a task list in a code block takes the place of the options.
# Needs python3 and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mkdocs==1.6.1 mkdocs_quiz==1.7.1 2> pip.log || { cat pip.log; exit 2; }
mkdir docs
printf 'site_name: Quiz\nplugins: [mkdocs_quiz]\n' > mkdocs.yml
cat > docs/index.md <<'EOM'
# Shell

<quiz>
What does this print where the file is there?

```bash
[[ -f /etc/hosts ]] && echo yes
```

- [x] yes
- [ ] nothing
</quiz>

<quiz>
What is drawn from this?

```markdown
- [x] done
- [ ] open
```

- [x] A task list
- [ ] An ordered list
</quiz>
EOM
venv/bin/mkdocs build --quiet > build.log 2>&1 || { cat build.log; exit 2; }
cat > compare.py <<'EOP'
import re
from importlib.metadata import version

page = re.sub(r"<!-- mkdocs-quiz-source.*?-->", "", open("site/index.html").read(), flags=re.DOTALL)
first, second = (part.split("</form>")[0] for part in re.split(r'<div class="quiz(?: [^"]*)?" data-', page)[1:3])
options = [re.findall(r"<label[^>]*>(.*?)</label>", part) for part in (first, second)]
code = re.search(r"<code[^>]*>(.*?)</code>", first, re.DOTALL)
print("mkdocs", version("mkdocs"), "mkdocs_quiz", version("mkdocs_quiz"))
print("one would guess: options", ["yes", "nothing"], "and", ["A task list", "An ordered list"])
print("seen:            options", options[0], "and", options[1])
print("seen, the code of the first:", code and code[1].strip())
print("seen, in its text:", "[x] yes" in first)
raise SystemExit(options != [[], ["done", "open"]] or "[[ -f" in first or "[x] yes" not in first)
EOP
venv/bin/python compare.py
