# What a learner's terminal begins with.
PS1='\h:\w\$ '
HISTTIMEFORMAT='%T '  # makes the file keep the time of each command, for the run's timeline
PROMPT_COMMAND='history -a'
export EDITOR=nano PAGER=less
alias ls='ls --color=auto' ll='ls -l'
stty -ixon 2> /dev/null  # or Ctrl-S would stop all output until somebody thinks of Ctrl-Q

# greet FILE: show a text in the width of the terminal, which may be a phone's.
greet() {
    local columns
    read -r _ columns < <(stty size 2> /dev/null)
    fold -s -w "$((columns >= 20 ? columns : 80))" "$1"
}
greet /etc/motd
[ ! -r /etc/motd.task ] || greet /etc/motd.task  # the lab's task, where its set-up wrote one

# Completion takes longer to load than all the rest of a shell's start, so the first Tab loads it.
load_completion() {
    . /usr/share/bash-completion/bash_completion
    complete -p "$1" &> /dev/null && return 124  # known by now: try again
    _comp_complete_load "$@"
}
complete -D -F load_completion
