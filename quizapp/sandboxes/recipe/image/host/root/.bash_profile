# What a learner's terminal begins with.
PS1='\h:\w\$ '
HISTTIMEFORMAT='%T '  # makes the file keep the time of each command, for the run's timeline
PROMPT_COMMAND='history -a'
export EDITOR=vi PAGER=less
alias ls='ls --color=auto' ll='ls -l'
cat /etc/motd
[ ! -r /etc/motd.task ] || cat /etc/motd.task  # the lab's task, where its set-up wrote one

# Completion takes longer to load than all the rest of a shell's start, so the first Tab loads it.
load_completion() {
    . /usr/share/bash-completion/bash_completion
    complete -p "$1" &> /dev/null && return 124  # known by now: try again
    _comp_complete_load "$@"
}
complete -D -F load_completion
