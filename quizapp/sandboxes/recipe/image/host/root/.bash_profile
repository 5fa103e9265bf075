# What a learner's terminal begins with.
PS1='\h:\w\$ '
HISTTIMEFORMAT='%T '  # makes the file keep the time of each command, for the run's timeline
# Marks (OSC 133, which terminals do not show) by which the run's replay knows what each command printed.
PS0='\e]133;C;\D{%s}\a'
PROMPT_COMMAND='printf "\e]133;D;%s\a" "$?"; history -a'
export EDITOR=nano PAGER=less
alias ls='ls --color=auto' ll='ls -l'
stty -ixon 2> /dev/null  # or Ctrl-S would stop all output until somebody thinks of Ctrl-Q

# The engine tells how wide the terminal is just after it has begun the shell, and on a busy machine some time later.
for _ in {1..20}; do
    read -r _ columns < <(stty size 2> /dev/null)
    ((columns)) && break
    sleep .05
done

# greet FILE: show a text, each of its lines a paragraph, in the width of the terminal, which may be a phone's.
greet() {
    awk -v most="$((columns >= 20 ? columns : 80))" '
        # How many columns a text takes: none for what makes it bold.
        function wide(text) {
            gsub(/\033\[[0-9]*m/, "", text)
            return length(text)
        }
        {
            rest = $0
            line = ""
            # What goes on below an item of a list begins where its text does.
            indent = match(rest, /^ *([-*]|[0-9]+\.) +/) ? substr("          ", 1, RLENGTH) : ""
            while (match(rest, /^ *[^ ]+/)) {
                word = substr(rest, 1, RLENGTH)
                rest = substr(rest, RLENGTH + 1)
                if (line != "" && wide(line word) > most) {
                    print line
                    sub(/^ +/, "", word)
                    line = indent word
                } else
                    line = line word
            }
            print line
        }' "$1"
}
greet /etc/motd
[ ! -r /etc/motd.task ] || greet /etc/motd.task  # the lab's task, where its set-up wrote one
unset columns

# Completion takes longer to load than all the rest of a shell's start, so the first Tab loads it.
load_completion() {
    . /usr/share/bash-completion/bash_completion
    complete -p "$1" &> /dev/null && return 124  # known by now: try again
    _comp_complete_load "$@"
}
complete -D -F load_completion
